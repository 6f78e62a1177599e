// says: aerie: only 64-bit machines are supported
// flags of clang: --target=i686-linux-gnu
#include <aerie/core/api.hpp>
