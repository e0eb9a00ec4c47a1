// Errors as values: bad input from outside never throws and never leaves half a change behind.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace gil {

/// Why something from outside was refused. `where` is a place the user can find (a field path, a knob, an option);
/// `accepted` says what would have been taken and may be empty.
struct Error {
    std::string where;
    std::string what;
    std::string accepted;

    /// One line for a person: "tasks[2].steps[0].wait.ms: -5 is too small (accepted: 0 to 60000)".
    [[nodiscard]] std::string line() const {
        std::string text = where.empty() ? what : where + ": " + what;
        if (!accepted.empty()) text += " (accepted: " + accepted + ")";
        return text;
    }
};

struct Nothing {};

/// A value or an Error. Never throws; asking for the part that is not there is a programmer's error and asserts.
template<class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() {
        assert(ok());
        return *std::get_if<0>(&content_);
    }
    [[nodiscard]] const T& value() const {
        assert(ok());
        return *std::get_if<0>(&content_);
    }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *std::get_if<1>(&content_);
    }

  private:
    std::variant<T, Error> content_;
};

} // namespace gil
