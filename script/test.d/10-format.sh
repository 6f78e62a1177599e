# The C++ files are formatted.
counted script/format --check
