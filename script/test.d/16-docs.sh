# The documentation quotes what was compiled.
counted script/check-docs
