// says: aerie: only little-endian machines are supported
// flags of clang: --target=powerpc64-linux-gnu
#include <aerie/core/api.hpp>
