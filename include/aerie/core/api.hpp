#pragma once

/// \file
/// Visibility of public names in shared builds, and which machines there are. This is the one macro of the
/// project: the libraries are compiled with hidden visibility, and what users may link to carries AERIE_API.

#define AERIE_API __attribute__((visibility("default")))

// Sizes, offsets and what is compared as words rely on both; no other machine has been tried.
static_assert(sizeof(void*) == 8, "aerie: only 64-bit machines are supported (docs/machines.md)");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "aerie: only little-endian machines are supported (docs/machines.md)");
