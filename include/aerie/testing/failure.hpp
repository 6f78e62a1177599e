#pragma once

/// \file
/// How a test learns that something is not as it expects. Any thread.

#include <aerie/core/api.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 { namespace testing {

/// What an application under test, or one of its clients, was expected to do and did not. The text says what
/// happened instead. Every test framework reports it as the failure of the test that throws it.
class AERIE_API Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}}}  // namespace aerie::v1::testing
