// https://huggingface.co/docs/safetensors: a 64-bit length, that many bytes of JSON, the numbers. As strict
// as the reference implementation: the tensors must cover the numbers without a gap and without overlap.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/numbers.h"
#include "core/network/weights/printable.h"
#include "core/network/weights/weights_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

namespace graft::network {

namespace {

using nlohmann::json;

[[noreturn]] void reject(const std::string& file, const std::string& happened)
{
    throw Error(file, "is damaged or no safetensors file: " + happened, "Fetch the file again.");
}

std::optional<NumberType> typeNamed(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, NumberType>, 10> types {{
        {"F32", NumberType::Float32},
        {"F64", NumberType::Float64},
        {"F16", NumberType::Float16},
        {"BF16", NumberType::BFloat16},
        {"I64", NumberType::Int64},
        {"I32", NumberType::Int32},
        {"I16", NumberType::Int16},
        {"I8", NumberType::Int8},
        {"U8", NumberType::UInt8},
        {"BOOL", NumberType::Bool},
    }};
    const auto* found = std::ranges::find(types, name, &std::pair<std::string_view, NumberType>::first);
    return found == types.end() ? std::nullopt : std::optional(found->second);
}

struct Entry {
    std::string name;
    std::string type;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> offsets;
};

/// Takes the header as it is parsed, without a tree of values: memory stays in proportion to its length.
/// Depth 1 names the tensors, depth 2 their fields.
class HeaderParser : public nlohmann::json_sax<json>
{
public:
    HeaderParser(const std::string& file, std::map<std::string, std::string>& metadata)
        : m_file(file)
        , m_metadata(metadata)
    {
    }

    std::vector<Entry> entries;

    bool null() override { return unexpected(); }

    bool boolean(bool) override { return unexpected(); }

    bool number_integer(number_integer_t) override { return unexpected(); } // negative

    bool number_float(number_float_t, const string_t&) override { return unexpected(); }

    bool binary(binary_t&) override { return unexpected(); }

    bool number_unsigned(number_unsigned_t value) override
    {
        if (!m_numbers || value > std::numeric_limits<std::int64_t>::max())
            return unexpected();
        m_numbers->push_back(static_cast<std::int64_t>(value));
        return true;
    }

    bool string(string_t& value) override
    {
        if (m_depth != 2 || m_numbers || (!m_inMetadata && m_field != "dtype"))
            return unexpected();
        if (m_inMetadata)
            m_metadata[m_field] = value;
        else
            entries.back().type = value;
        return true;
    }

    bool start_object(std::size_t) override
    {
        if (m_depth == 2)
            return unexpected();
        ++m_depth;
        return true;
    }

    bool end_object() override
    {
        --m_depth;
        m_inMetadata = false;
        return true;
    }

    bool key(string_t& name) override
    {
        m_field = name;
        if (m_depth != 1)
            return true;
        m_inMetadata = name == "__metadata__";
        if (!m_inMetadata)
            entries.push_back({name, {}, {}, {}});
        return true;
    }

    bool start_array(std::size_t) override
    {
        if (m_depth != 2 || m_inMetadata || m_numbers || (m_field != "shape" && m_field != "data_offsets"))
            return unexpected();
        m_numbers = m_field == "shape" ? &entries.back().shape : &entries.back().offsets;
        m_numbers->clear();
        return true;
    }

    bool end_array() override
    {
        m_numbers = nullptr;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const json::exception&) override
    {
        reject(m_file, "its header breaks off or is no JSON at byte " + std::to_string(position));
    }

private:
    [[noreturn]] bool unexpected() const
    {
        reject(m_file, "its header holds something unexpected under '" + printable(m_field) + "'");
    }

    const std::string& m_file;
    std::map<std::string, std::string>& m_metadata;
    int m_depth = 0;
    bool m_inMetadata = false;
    std::string m_field;
    std::vector<std::int64_t>* m_numbers = nullptr; ///< the list that is being filled
};

/// Checks the entry against the data, which it must take up from `begin` on; returns its end.
std::int64_t requireFits(const Entry& entry, NumberType type, std::int64_t begin, std::int64_t size,
                         const std::string& file)
{
    if (entry.offsets.size() != 2 || entry.offsets[0] > entry.offsets[1] || entry.offsets[1] > size)
        reject(file, "'" + printable(entry.name) + "' lies outside the file");
    if (entry.offsets[0] != begin)
        reject(file, "'" + printable(entry.name) + "' does not follow the tensor before it");
    const std::int64_t count = countOf(entry.shape, size / bytesOf(type));
    if (count < 0 || count * bytesOf(type) != entry.offsets[1] - begin)
        reject(file, "'" + printable(entry.name) + "' has a shape that does not fit its numbers");
    return entry.offsets[1];
}

TensorMap load(std::vector<Entry>& entries, std::string_view data, const std::string& file, Numbers numbers)
{
    std::ranges::sort(entries, {}, &Entry::offsets);
    TensorMap tensors;
    std::int64_t end = 0;
    for (const Entry& entry : entries) {
        const auto type = typeNamed(entry.type);
        if (!type)
            throw Error(file,
                        "holds numbers of type '" + printable(entry.type) + "' in '" + printable(entry.name)
                            + "'",
                        "Convert the file to float32.");
        const std::int64_t begin = end;
        end = requireFits(entry, *type, begin, static_cast<std::int64_t>(data.size()), file);
        if (!isFloating(*type))
            continue;
        const auto raw = data.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
        Tensor tensor {entry.shape, {}};
        if (numbers == Numbers::Keep) {
            tensor.values.reserve(raw.size() / static_cast<std::size_t>(bytesOf(*type)));
            appendFloats(*type, raw, tensor.values);
        }
        if (!tensors.emplace(entry.name, std::move(tensor)).second)
            reject(file, "'" + printable(entry.name) + "' appears twice");
    }
    if (end != static_cast<std::int64_t>(data.size()))
        reject(file, "it holds numbers that belong to no tensor");
    return tensors;
}

std::string headerOf(const TensorMap& tensors, const std::map<std::string, std::string>& metadata)
{
    json header = json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::size_t at = 0;
    for (const auto& [name, tensor] : tensors) {
        const auto count = static_cast<std::int64_t>(tensor.values.size());
        if (countOf(tensor.shape, count) != count)
            throw Error(name, "this tensor's shape does not fit its numbers", "Report this as a bug.");
        const std::size_t end = at + tensor.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
        at = end;
    }
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    constexpr std::size_t alignment = 8;
    text.resize((text.size() + alignment - 1) / alignment * alignment, ' ');
    return text;
}

} // namespace

SafetensorsFile readSafetensors(std::string_view bytes, const std::string& name, Numbers numbers)
{
    constexpr std::uint64_t longestHeader = 100'000'000; // as in the reference implementation
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length)
        reject(name, "it is too short");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > bytes.size() - sizeof length || length > longestHeader)
        reject(name, "its header is longer than the file");
    const std::string_view header = bytes.substr(sizeof length, static_cast<std::size_t>(length));
    if (!header.starts_with('{'))
        reject(name, "it has no header");
    SafetensorsFile result;
    HeaderParser parser(name, result.metadata);
    json::sax_parse(header.begin(), header.end(), &parser);
    result.tensors = load(parser.entries, bytes.substr(sizeof length + header.size()), name, numbers);
    return result;
}

void writeSafetensors(const std::filesystem::path& file, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata)
{
    const std::string header = headerOf(tensors, metadata);
    writeFile(file, [&](std::ostream& stream) {
        const std::uint64_t length = header.size();
        stream.write(reinterpret_cast<const char*>(&length), sizeof length);
        stream.write(header.data(), static_cast<std::streamsize>(header.size()));
        for (const auto& [name, tensor] : tensors)
            stream.write(reinterpret_cast<const char*>(tensor.values.data()),
                         static_cast<std::streamsize>(tensor.values.size() * sizeof(float)));
    });
}

} // namespace graft::network
