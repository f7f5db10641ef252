#include "core/network/weights/pth.h"

#include "core/base/error.h"

#include <algorithm>

namespace graft::network::pth {

namespace {

using pickle::TensorView;

struct Named {
    std::string_view name;
    const TensorView* view;
};

[[noreturn]] void reject(const std::string& file, const std::string& happened, const std::string& next)
{
    throw Error(file, happened, next);
}

std::vector<Named> namedTensors(const pickle::Document& document, const std::string& file)
{
    const auto* dict = document.rootAs<pickle::Dict>();
    if (!dict)
        reject(file, "holds no state_dict", "Save the network's state_dict with PyTorch.");
    for (const char* wrapper : {"state_dict", "model"}) { // training scripts add epochs and optimisers
        if (const auto* inner = document.find<pickle::Dict>(*dict, wrapper)) {
            dict = inner;
            break;
        }
    }
    std::vector<Named> list;
    for (const auto& [key, value] : dict->items) {
        const auto* name = document.as<std::string_view>(key);
        const auto* view = document.as<TensorView>(value);
        if (name && view && isFloating(view->storage.type))
            list.push_back({*name, view});
    }
    if (list.empty())
        reject(file, "holds no tensors with names", "Save the network's state_dict with PyTorch.");
    constexpr std::string_view prefix = "module."; // from training on several GPUs
    if (std::ranges::all_of(list, [&](const Named& n) { return n.name.starts_with(prefix); })) {
        for (Named& named : list)
            named.name.remove_prefix(prefix.size());
    }
    return list;
}

bool isContiguous(const TensorView& view)
{
    std::int64_t expected = 1;
    for (std::size_t axis = view.shape.size(); axis > 0; --axis) {
        if (view.shape[axis - 1] != 1 && view.strides[axis - 1] != expected)
            return false;
        expected *= view.shape[axis - 1];
    }
    return true;
}

/// The view's numbers, row-major. The unpickler has checked that they lie inside `numbers`.
std::vector<float> gather(const TensorView& view, const std::vector<float>& numbers)
{
    const std::int64_t count = countOf(view.shape, view.storage.count);
    const auto begin = numbers.begin() + view.offset;
    if (count == 0 || isContiguous(view))
        return {begin, begin + count};
    std::vector<float> values(static_cast<std::size_t>(count));
    std::vector<std::int64_t> place(view.shape.size());
    std::int64_t from = 0;
    for (float& value : values) {
        value = begin[from];
        for (std::size_t axis = place.size(); axis > 0; --axis) { // counts on, the last axis first
            from += view.strides[axis - 1];
            if (++place[axis - 1] < view.shape[axis - 1])
                break;
            from -= view.strides[axis - 1] * view.shape[axis - 1];
            place[axis - 1] = 0;
        }
    }
    return values;
}

using ByStorage = std::map<std::string_view, std::vector<const Named*>>;

/// Bounds memory and time: no storage is longer than the file, nor are all of them together, and tensors that
/// share a storage do not stand for far more numbers than there are.
ByStorage groupModestly(const std::vector<Named>& list, std::size_t bytes, const std::string& file)
{
    constexpr std::int64_t small = 1 << 16;
    const auto length = static_cast<std::int64_t>(bytes);
    std::int64_t stored = length;
    std::int64_t loaded = (2 * length + small) / std::int64_t {sizeof(float)};
    ByStorage byStorage;
    for (const Named& named : list) {
        const auto& storage = named.view->storage;
        const std::int64_t size = bytesOf(storage.type);
        auto& users = byStorage[storage.key];
        users.push_back(&named);
        if (storage.count > length / size || (users.size() == 1 && (stored -= storage.count * size) < 0))
            reject(file, "is shorter than its tensors ('" + std::string(named.name) + "')",
                   "Fetch the file again.");
        loaded -= countOf(named.view->shape, storage.count);
        if (loaded < 0)
            reject(file, "names far more numbers than it holds", "Fetch the file again.");
    }
    return byStorage;
}

} // namespace

TensorMap tensors(const pickle::Document& document, std::size_t bytes, const std::string& file,
                  const ReadStorage& read)
{
    const auto list = namedTensors(document, file);
    TensorMap result;
    for (const auto& [key, users] : groupModestly(list, bytes, file)) {
        const auto& storage = users.front()->view->storage;
        std::vector<float> numbers;
        numbers.reserve(static_cast<std::size_t>(storage.count));
        read(storage, [&](std::string_view piece) { appendFloats(storage.type, piece, numbers); });
        for (const Named* named : users) {
            const TensorView& view = *named->view;
            if (view.storage.count != static_cast<std::int64_t>(numbers.size())
                || view.storage.type != storage.type)
                reject(file,
                       "holds another count of numbers for '" + std::string(named->name) + "' than it says",
                       "Fetch the file again.");
            const bool whole = users.size() == 1 && isContiguous(view)
                && countOf(view.shape, view.storage.count) == view.storage.count;
            Tensor tensor {view.shape, whole ? std::move(numbers) : gather(view, numbers)};
            if (!result.emplace(named->name, std::move(tensor)).second)
                reject(file, "holds the tensor '" + std::string(named->name) + "' twice",
                       "Fetch the file again.");
        }
    }
    return result;
}

} // namespace graft::network::pth
