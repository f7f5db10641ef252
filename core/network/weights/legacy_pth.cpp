// What torch.save wrote before PyTorch 1.6, and still writes with _use_new_zipfile_serialization=False: five
// pickles (magic number, protocol, the writer's machine, the object, the keys of its storages), then each
// storage as a 64-bit count and its numbers.
#include "core/base/error.h"
#include "core/network/weights/pth.h"
#include "core/network/weights/weights_file.h"

#include <cstring>

namespace graft::network {

namespace {

constexpr std::int64_t protocolVersion = 1001;

class LegacyReader
{
public:
    LegacyReader(std::string_view bytes, const std::string& name)
        : m_rest(bytes)
        , m_name(name)
        , m_bytes(bytes.size())
    {
    }

    TensorMap read(Numbers numbers)
    {
        skip(pth::legacyMagic.size());
        const auto protocol = next();
        const auto* version = protocol.rootAs<std::int64_t>();
        if (!version || *version != protocolVersion)
            damaged("its version is not " + std::to_string(protocolVersion));
        const auto machine = next();
        const auto* properties = machine.rootAs<pickle::Dict>();
        const auto* littleEndian = properties ? machine.find<bool>(*properties, "little_endian") : nullptr;
        if (littleEndian && !*littleEndian)
            throw Error(m_name, "was written on a big-endian computer",
                        "Save it again on an ordinary computer.");
        const auto object = next();
        locateStorages(object, next());
        return pth::tensors(
            object, m_bytes, m_name, numbers,
            [this](const pickle::Storage& storage, const auto& take) { take(m_numbers.at(storage.key)); });
    }

private:
    [[noreturn]] void damaged(const std::string& happened) const
    {
        throw Error(m_name, "is damaged: " + happened, "Fetch the file again.");
    }

    void skip(std::size_t count)
    {
        if (count > m_rest.size())
            damaged("it ends too early");
        m_rest.remove_prefix(count);
    }

    pickle::Document next()
    {
        auto document = pickle::parse(m_rest, m_name);
        skip(document.length);
        return document;
    }

    void locateStorages(const pickle::Document& object, const pickle::Document& keys)
    {
        std::map<std::string_view, NumberType> types;
        for (const pickle::Storage& storage : object.storages) {
            if (types.emplace(storage.key, storage.type).first->second != storage.type)
                damaged("a storage has two types");
        }
        const auto* list = keys.rootAs<pickle::Sequence>();
        if (!list || list->items.size() != types.size())
            damaged("its list of storages does not fit its tensors");
        for (const pickle::Index item : list->items) {
            const auto* key = keys.as<std::string_view>(item);
            const auto type = key ? types.find(*key) : types.end();
            if (type == types.end())
                damaged("its list of storages does not fit its tensors");
            std::int64_t count = 0;
            if (m_rest.size() < sizeof count)
                damaged("it ends too early");
            std::memcpy(&count, m_rest.data(), sizeof count);
            skip(sizeof count);
            const std::int64_t size = bytesOf(type->second);
            if (count < 0 || count > static_cast<std::int64_t>(m_rest.size()) / size)
                damaged("it ends in the middle of its numbers");
            m_numbers[type->first] = m_rest.substr(0, static_cast<std::size_t>(count * size));
            skip(m_numbers[type->first].size());
        }
        if (!m_rest.empty() || m_numbers.size() != types.size())
            damaged("its numbers do not fit its tensors");
    }

    std::string_view m_rest;
    const std::string& m_name;
    std::size_t m_bytes;
    std::map<std::string_view, std::string_view> m_numbers; ///< raw, by storage key
};

} // namespace

TensorMap readLegacyPth(std::string_view bytes, const std::string& name, Numbers numbers)
{
    if (!bytes.starts_with(pth::legacyMagic))
        throw Error(name, "is no PyTorch file", "Choose a .pth or .safetensors file.");
    return LegacyReader(bytes, name).read(numbers);
}

} // namespace graft::network
