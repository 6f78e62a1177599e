# Blocks of code in the pages are those of the files that they name, every public name has a comment, and no link of
# the site is dead.
counted script/check-docs
counted script/check-reference
if script/docs --install; then
  counted script/docs --check
else
  skip "the site is not built: pip could not install mkdocs"
fi
