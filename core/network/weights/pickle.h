#pragma once
#include "core/network/weights/numbers.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// A restricted reader of Python pickles (protocol 2, as torch.save writes them): the opcodes build plain
/// values, and of the names a pickle may ask for it knows those in `Name`, each handled right here.
/// Everything else is refused by an Error that says what was asked for. Nothing is ever looked up, imported
/// or called.
namespace graft::network::pickle {

/// Values refer to one another by their index in the document: no recursion, whatever the nesting.
using Index = std::uint32_t;

struct None {
};

struct Mark {
};

struct Sequence { ///< tuple, list or torch.Size
    std::vector<Index> items;
};

struct Dict { ///< dict or OrderedDict, in the order of insertion
    std::vector<std::pair<Index, Index>> items;
};

/// What torch.save's pickles name.
enum class Name { OrderedDict, Size, RebuildTensor, RebuildTensorV2, RebuildParameter, Parameter };

/// Numbers that lie outside the pickle, under a key.
struct Storage {
    NumberType type = NumberType::Float32;
    std::string_view key;
    std::int64_t count = 0;
};

/// A view of a storage. Checked: it lies inside the storage's `count`, and has no more numbers than that.
struct TensorView {
    Storage storage;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
};

using Value = std::variant<None, Mark, bool, std::int64_t, double, std::string_view, Sequence, Dict, Name,
                           NumberType, Storage, TensorView>;

/// Texts are views into the bytes that were parsed.
struct Document {
    std::deque<Value> values;
    Index root = 0;
    std::vector<Storage> storages; ///< every storage that was named, in order, repeated where it was
    std::size_t length = 0; ///< bytes up to and with the final opcode

    template <class T>
    const T* as(Index index) const
    {
        return std::get_if<T>(&values[index]);
    }

    template <class T>
    const T* rootAs() const
    {
        return as<T>(root);
    }

    /// The value of the text key, or null where it is absent or of another kind. The last one counts, as in
    /// Python.
    template <class T>
    const T* find(const Dict& dict, std::string_view key) const
    {
        const T* found = nullptr;
        for (const auto& [name, value] : dict.items) {
            const auto* text = as<std::string_view>(name);
            if (text && *text == key)
                found = as<T>(value);
        }
        return found;
    }
};

/// Reads the pickle at the start of `bytes`, which must outlive the document. `file` is named in errors.
Document parse(std::string_view bytes, const std::string& file);

} // namespace graft::network::pickle
