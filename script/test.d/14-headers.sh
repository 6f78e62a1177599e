# Every public header compiles alone, and clang takes the sources too.
counted script/check-headers
