// All that a pickle may ask for. What is not here is refused.
#include "core/network/weights/pickle_machine.h"
#include "core/network/weights/printable.h"

#include <algorithm>
#include <array>
#include <optional>

namespace graft::network::pickle {

namespace {

constexpr std::size_t maxDimensions = 8;

using Meaning = std::variant<Name, NumberType>;

std::optional<Meaning> meaningOf(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, Meaning>, 17> known {{
        {"collections.OrderedDict", Name::OrderedDict},
        {"torch.Size", Name::Size},
        {"torch._utils._rebuild_tensor", Name::RebuildTensor},
        {"torch._utils._rebuild_tensor_v2", Name::RebuildTensorV2},
        {"torch._utils._rebuild_parameter", Name::RebuildParameter},
        {"torch.nn.parameter.Parameter", Name::Parameter},
        {"torch.nn.Parameter", Name::Parameter},
        {"torch.FloatStorage", NumberType::Float32},
        {"torch.DoubleStorage", NumberType::Float64},
        {"torch.HalfStorage", NumberType::Float16},
        {"torch.BFloat16Storage", NumberType::BFloat16},
        {"torch.LongStorage", NumberType::Int64},
        {"torch.IntStorage", NumberType::Int32},
        {"torch.ShortStorage", NumberType::Int16},
        {"torch.CharStorage", NumberType::Int8},
        {"torch.ByteStorage", NumberType::UInt8},
        {"torch.BoolStorage", NumberType::Bool},
    }};
    const auto* found = std::ranges::find(known, name, &std::pair<std::string_view, Meaning>::first);
    return found == known.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

std::vector<std::int64_t> Machine::integers(Index index) const
{
    const auto& items = get<Sequence>(index, "a tensor's shape is no tuple").items;
    require(items.size() <= maxDimensions, "a tensor has too many dimensions");
    std::vector<std::int64_t> numbers;
    for (const Index item : items)
        numbers.push_back(get<std::int64_t>(item, "a tensor's shape holds something else than numbers"));
    return numbers;
}

bool Machine::global()
{
    const std::string_view module = line();
    const std::string name = std::string(module) + '.' + std::string(line());
    const auto meaning = meaningOf(name);
    if (!meaning)
        refuse("'" + printable(name) + "'");
    return std::visit([&](auto known) { return push(known); }, *meaning);
}

/// The only calls there are, done by hand.
bool Machine::reduce()
{
    const Index argumentsAt = pop();
    const Index callee = pop();
    const auto* name = m_document.as<Name>(callee);
    if (!name)
        refuse("a call of something that is no function");
    const auto& arguments = get<Sequence>(argumentsAt, "a call has no arguments");
    const bool any = !arguments.items.empty();
    switch (*name) {
    case Name::OrderedDict:
        return push(orderedDict(arguments));
    case Name::Size:
        require(any && m_document.as<Sequence>(arguments.items[0]), "a shape is no tuple");
        m_stack.push_back(arguments.items[0]);
        return true;
    case Name::RebuildTensor:
    case Name::RebuildTensorV2:
        return push(rebuildTensor(arguments));
    case Name::RebuildParameter:
    case Name::Parameter:
        require(any, "a parameter holds no tensor");
        return push(get<TensorView>(arguments.items[0], "a parameter holds no tensor"));
    }
    return false;
}

/// Empty and filled afterwards, or, from Python 2, made from a list of pairs.
Dict Machine::orderedDict(const Sequence& arguments)
{
    Dict dict;
    if (arguments.items.empty())
        return dict;
    const auto& list = get<Sequence>(arguments.items[0], "a dictionary is made from no list").items;
    spend(list.size()); // the same list may be used many times
    for (const Index item : list) {
        const auto& pair = get<Sequence>(item, "a dictionary's key has no value").items;
        require(pair.size() == 2, "a dictionary's key has no value");
        dict.items.emplace_back(pair[0], pair[1]);
    }
    return dict;
}

/// State that is set on an object. That of an OrderedDict (_metadata) and of a Parameter (requires_grad)
/// says nothing about the numbers.
bool Machine::build()
{
    const Index state = pop();
    require(!m_stack.empty(), "a value is missing");
    const Index target = m_stack.back();
    const bool harmless = (m_document.as<Dict>(target) && m_document.as<Dict>(state))
        || (m_document.as<TensorView>(target)
            && (m_document.as<Sequence>(state) || m_document.as<Dict>(state)));
    if (!harmless)
        refuse("an object to be set up");
    return true;
}

/// ('storage', type, key, where it was, count[, None])
bool Machine::persistent()
{
    const auto& items = get<Sequence>(pop(), "a storage is no tuple").items;
    const bool complete = items.size() == 5 || items.size() == 6;
    const auto* kind = items.empty() ? nullptr : m_document.as<std::string_view>(items[0]);
    require(kind != nullptr, "a storage is incomplete");
    if (*kind != "storage")
        refuse("a stored '" + printable(*kind) + "'");
    require(complete, "a storage is incomplete");
    if (items.size() == 6 && !m_document.as<None>(items[5]))
        refuse("a storage that is a part of another");
    const Storage storage {get<NumberType>(items[1], "a storage has no type"),
                           get<std::string_view>(items[2], "a storage has no key"),
                           get<std::int64_t>(items[4], "a storage has no size")};
    require(storage.count >= 0, "a storage has a negative size");
    m_document.storages.push_back(storage);
    return push(storage);
}

/// (storage, offset, shape, strides, ...): what follows in version 2 concerns gradients.
Value Machine::rebuildTensor(const Sequence& arguments) const
{
    const auto& items = arguments.items;
    require(items.size() >= 4, "a tensor is incomplete");
    TensorView tensor {get<Storage>(items[0], "a tensor has no storage"),
                       get<std::int64_t>(items[1], "a tensor has no offset"), integers(items[2]),
                       integers(items[3])};
    const std::int64_t available = tensor.storage.count;
    const std::int64_t count = countOf(tensor.shape, available);
    require(count >= 0, "a tensor has more numbers than its storage, or a negative shape");
    require(tensor.shape.size() == tensor.strides.size(), "a tensor has another number of strides than axes");
    require(tensor.offset >= 0 && tensor.offset <= available, "a tensor lies outside its storage");
    if (count == 0)
        return tensor;
    std::int64_t left = available - tensor.offset - 1; // numbers after the first
    for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
        const std::int64_t steps = tensor.shape[axis] - 1;
        const std::int64_t stride = tensor.strides[axis];
        require(stride >= 0 && (steps == 0 || stride <= left / steps), "a tensor lies outside its storage");
        left -= steps * stride;
    }
    require(left >= 0, "a tensor lies outside its storage");
    return tensor;
}

} // namespace graft::network::pickle
