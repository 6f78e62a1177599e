#pragma once

/// \file
/// Visibility of public names in shared builds. This is the one macro of the project: the libraries are
/// compiled with hidden visibility, and what users may link to carries AERIE_API.

#define AERIE_API __attribute__((visibility("default")))
