# Every public header compiles alone, and with clang too.
counted script/check-headers
