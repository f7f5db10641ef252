#pragma once
#include "core/network/weights/pickle.h"
#include "core/network/weights/tensor_map.h"

#include <functional>

/// What PyTorch's two containers have in common.
namespace graft::network::pth {

/// How every legacy file begins: the pickled magic number 0x1950a86a20f9469cfc6c.
constexpr std::string_view legacyMagic {"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15};

/// Hands the raw numbers of a storage to `take`, in pieces that never split a number. Throws Error.
using ReadStorage =
    std::function<void(const pickle::Storage&, const std::function<void(std::string_view)>& take)>;

/// The float tensors of a state_dict (or of {'state_dict': ...} or {'model': ...}) by name, row-major,
/// without the prefix 'module.' where all of them have it. `bytes` is the file's length and limits the memory
/// taken. Throws Error when there are none.
TensorMap tensors(const pickle::Document& document, std::size_t bytes, const std::string& file,
                  const ReadStorage& read);

} // namespace graft::network::pth
