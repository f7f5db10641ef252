#include "core/engine/features.h"

#include "core/base/file.h"
#include "core/engine/expand_folders.h"
#include "core/engine/picture_batches.h"
#include "core/engine/precision.h"
#include "core/engine/rows_ahead.h"
#include "core/engine/trunk.h"
#include "core/network/cut.h"
#include "core/neural/devices.h"

#include <bit>
#include <chrono>
#include <ostream>

namespace graft::engine {

namespace fs = std::filesystem;

Features features(const std::vector<fs::path>& paths, const FeatureOptions& options,
                  const ProgressSink& progress, std::stop_token stop)
{
    const auto start = std::chrono::steady_clock::now();
    const Trunk trunk = loadTrunk(options.backbone);
    const std::string stage(network::stageOf(*trunk.spec, options.cut));
    Features result;
    result.channels = network::featureChannels(trunk.graph, stage);
    const auto files = expandFolders(paths);
    const neural::Device device = neural::chooseDevice(options.device);
    const Chosen chosen = choosePrecision(trunk, stage, options.precision, files, device.id);
    neural::Interpreter network = interpreter(trunk, chosen, device.id);
    RowsAhead rows(network, std::span(&stage, 1),
                   [&](std::span<const std::size_t> positions, const std::vector<std::vector<float>>& own) {
                       result.values.insert(result.values.end(), own.front().begin(), own.front().end());
                       for (const std::size_t position : positions)
                           result.paths.push_back(files[position]);
                   });
    const PassReport pass =
        forEachBatch(files, plainPictures(trunk.preprocess),
                     {"Reading features", 0, static_cast<std::int64_t>(files.size())}, progress, stop,
                     [&](std::span<const std::size_t> positions, const neural::Batch& batch) {
                         rows.add(positions, batch);
                     });
    rows.finish();
    if (pass.stopped)
        throw Stopped();
    result.problems = pass.problems;
    result.decodeSeconds = pass.decodeSeconds;
    result.networkSeconds = pass.networkSeconds;
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

void writeNpy(const fs::path& file, const std::vector<float>& values, int rows, int channels)
{
    static_assert(std::endian::native == std::endian::little, "'<f4' is what is in memory");
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", "
        + std::to_string(channels) + "), }";
    constexpr std::size_t alignment = 64;
    constexpr std::size_t before = 10; // magic string, version, length of the header
    header.append(alignment - 1 - (before + header.size()) % alignment, ' ').push_back('\n');
    writeFile(file, [&](std::ostream& stream) {
        stream.write("\x93NUMPY\x01\x00", 8);
        stream.put(static_cast<char>(header.size() & 0xFFU)).put(static_cast<char>(header.size() >> 8U));
        stream << header;
        stream.write(reinterpret_cast<const char*>(values.data()),
                     static_cast<std::streamsize>(values.size() * sizeof(float)));
    });
}

} // namespace graft::engine
