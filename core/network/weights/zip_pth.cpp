// What torch.save writes since PyTorch 1.6: a zip archive, nothing in it compressed, with NAME/data.pkl and
// the storages as NAME/data/KEY.
#include "core/base/error.h"
#include "core/network/weights/printable.h"
#include "core/network/weights/pth.h"
#include "core/network/weights/weights_file.h"

#include <algorithm>
#include <array>
#include <memory>
#include <zip.h>

namespace graft::network {

namespace {

/// libzip keeps a few hundred bytes for each entry; a network has one for each tensor.
constexpr std::size_t maxEntries = 20'000;

class ZipReader
{
public:
    ZipReader(std::string_view bytes, const std::string& name);
    TensorMap read(Numbers numbers);

private:
    using File = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

    [[noreturn]] void damaged(const std::string& happened) const
    {
        throw Error(m_name, "is damaged: " + happened, "Fetch the file again.");
    }

    std::string findTable() const;

    bool has(const std::string& entry) const
    {
        return zip_name_locate(m_archive.get(), entry.c_str(), 0) >= 0;
    }

    /// `take` gets the entry's content in pieces of whole multiples of 8 bytes; returns its length.
    std::size_t readEntry(const std::string& entry, const std::function<void(std::string_view)>& take);
    std::string readText(const std::string& entry);

    std::string_view m_bytes;
    const std::string& m_name;
    std::unique_ptr<zip_t, decltype(&zip_discard)> m_archive {nullptr, zip_discard};
};

ZipReader::ZipReader(std::string_view bytes, const std::string& name)
    : m_bytes(bytes)
    , m_name(name)
{
    constexpr std::string_view directoryEntry = "PK\1\2";
    std::size_t entries = 0;
    for (std::size_t at = bytes.find(directoryEntry); at != std::string_view::npos;
         at = bytes.find(directoryEntry, at + 1)) {
        if (++entries > maxEntries)
            damaged("it has more than " + std::to_string(maxEntries) + " parts");
    }
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source)
        m_archive.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
    const std::string problem = m_archive ? "" : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (m_archive)
        return;
    if (source)
        zip_source_free(source);
    damaged(problem);
}

/// The one name that ends in /data.pkl; the folder before it is named after the file it was saved as.
std::string ZipReader::findTable() const
{
    std::string table;
    const zip_int64_t count = zip_get_num_entries(m_archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* entry = zip_get_name(m_archive.get(), static_cast<zip_uint64_t>(i), 0);
        if (!entry || !std::string_view(entry).ends_with("/data.pkl"))
            continue;
        if (!table.empty())
            damaged("it has two tables of tensors");
        table = entry;
    }
    if (table.empty())
        throw Error(m_name, "is a zip archive, but holds no weights (no data.pkl)",
                    "Choose the .pth or .safetensors file itself.");
    return table;
}

std::size_t ZipReader::readEntry(const std::string& entry, const std::function<void(std::string_view)>& take)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat(m_archive.get(), entry.c_str(), 0, &stat) != 0 || (stat.valid & needed) != needed)
        damaged("it lacks '" + printable(entry) + "'");
    if (stat.comp_method != ZIP_CM_STORE)
        throw Error(m_name, "has a compressed part ('" + printable(entry) + "'), which PyTorch never writes",
                    "Save it again with PyTorch.");
    if (stat.size != stat.comp_size || stat.size > m_bytes.size())
        damaged("'" + printable(entry) + "' is larger than the file");
    const File file(zip_fopen(m_archive.get(), entry.c_str(), 0), zip_fclose);
    if (!file)
        damaged("'" + printable(entry) + "' cannot be read");
    std::array<char, std::size_t {1} << 16U> piece;
    std::size_t done = 0;
    while (done < stat.size) { // libzip checks the CRC when the last byte is read
        const std::size_t wanted = std::min<std::size_t>(piece.size(), stat.size - done);
        const zip_int64_t got = zip_fread(file.get(), piece.data(), wanted);
        if (got != static_cast<zip_int64_t>(wanted))
            damaged("'" + printable(entry) + "' cannot be read");
        take({piece.data(), wanted});
        done += wanted;
    }
    if (zip_fread(file.get(), piece.data(), 1) != 0)
        damaged("'" + printable(entry) + "' does not have its checksum");
    return done;
}

std::string ZipReader::readText(const std::string& entry)
{
    std::string text;
    readEntry(entry, [&](std::string_view piece) { text += piece; });
    return text;
}

TensorMap ZipReader::read(Numbers numbers)
{
    const std::string table = findTable();
    const std::string folder = table.substr(0, table.rfind('/') + 1);
    if (has(folder + "byteorder") && readText(folder + "byteorder") != "little")
        throw Error(m_name, "was written on a big-endian computer", "Save it again on an ordinary computer.");
    const std::string pickled = readText(table);
    const auto document = pickle::parse(pickled, m_name);
    return pth::tensors(document, m_bytes.size(), m_name, numbers,
                        [&](const pickle::Storage& storage, const auto& take) {
                            const std::string entry = folder + "data/" + std::string(storage.key);
                            const std::int64_t expected = storage.count * bytesOf(storage.type);
                            std::int64_t left = expected;
                            const auto limited = [&](std::string_view piece) {
                                left -= static_cast<std::int64_t>(piece.size());
                                if (left < 0)
                                    damaged("'" + printable(entry) + "' has another length than its tensor");
                                take(piece);
                            };
                            readEntry(entry, limited);
                            if (left != 0)
                                damaged("'" + printable(entry) + "' has another length than its tensor");
                        });
}

} // namespace

TensorMap readZipPth(std::string_view bytes, const std::string& name, Numbers numbers)
{
    return ZipReader(bytes, name).read(numbers);
}

} // namespace graft::network
