// FunctionRef: a callable passed down by reference, without allocation.
// SPDX-License-Identifier: MIT
#ifndef HEDDLE_FUNCTION_REF_H_
#define HEDDLE_FUNCTION_REF_H_

#include <memory>
#include <type_traits>
#include <utility>

namespace heddle {

template <typename Signature>
class FunctionRef;

// Refers to a callable that must outlive the call it is passed to, as a lambda written in the
// argument list does.
template <typename Result, typename... Args>
class FunctionRef<Result(Args...)> {
  public:
    template <typename Callable>
        requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef> &&
                 std::is_invocable_r_v<Result, Callable&, Args...>)
    FunctionRef(Callable&& callable)  // NOLINT: implicit, so that lambdas can be passed as they are
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object, Args... args) -> Result {
              return (*static_cast<std::remove_reference_t<Callable>*>(object))(
                  std::forward<Args>(args)...);
          }) {}

    Result operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

  private:
    void* object_;
    Result (*call_)(void*, Args...);
};

}  // namespace heddle

#endif  // HEDDLE_FUNCTION_REF_H_
