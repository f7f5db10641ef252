// Features of all pictures in the given folders, end to end, against the limit that decoding and the network
// set when each is measured alone, in this same run on the same processors: 1 / (1 / network + 1 / decode).
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/engine/expand_folders.h"
#include "core/engine/features.h"
#include "core/engine/machine.h"
#include "core/engine/trunk.h"
#include "core/imaging/decode.h"
#include "core/imaging/resize.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace graft;

namespace {

double seconds(auto&& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool isPicture(const std::filesystem::path& file)
{
    try {
        imaging::readHeader(imaging::readPicture(file), "picture");
        return true;
    } catch (const PictureError&) {
        return false;
    }
}

/// Read, decode, resize, crop; every processor.
double decodeRate(const std::vector<std::filesystem::path>& files, const PreprocessSpec& spec)
{
    const std::size_t size = static_cast<std::size_t>(spec.crop) * static_cast<std::size_t>(spec.crop) * 3;
    const double spent = seconds([&] {
        parallelFor(files.size(), usableProcessors(), {}, [&](std::size_t i) {
            std::vector<std::uint8_t> pixels(size);
            imaging::preprocess(imaging::decode(imaging::readPicture(files[i]), "picture"), spec, pixels);
        });
    });
    return static_cast<double>(files.size()) / spent;
}

/// Random pixels through the network, every processor.
double networkRate(const engine::Trunk& trunk, std::size_t pictures)
{
    constexpr int batch = 16;
    const auto& spec = trunk.preprocess;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(batch) * static_cast<std::size_t>(spec.crop)
                                     * static_cast<std::size_t>(spec.crop) * 3);
    Draws draws({.seed = 1});
    for (std::uint8_t& pixel : pixels)
        pixel = static_cast<std::uint8_t>(draws.uniform(0, 256));
    auto network = engine::answering(trunk.graph, trunk.weights, "cpu");
    network.pooled({pixels, batch}, trunk.spec->lastStage); // warms up
    const std::size_t rounds = (pictures + batch - 1) / batch;
    const double spent = seconds([&] {
        for (std::size_t i = 0; i < rounds; ++i)
            network.pooled({pixels, batch}, trunk.spec->lastStage);
    });
    return static_cast<double>(rounds * batch) / spent;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "Usage: bench_features FOLDER...\n");
        return 2;
    }
    try {
        engine::initialise(argv[0]);
        auto files = engine::expandFolders({argv + 1, argv + argc});
        std::erase_if(files, [](const auto& file) { return !isPicture(file); });
        const engine::Trunk trunk = engine::loadTrunk("efficientnet-lite0");
        std::printf("%zu pictures, %d processors; pictures per second\n", files.size(), usableProcessors());
        std::printf("%10s %10s %10s %12s %8s\n", "decode", "network", "limit", "end to end", "share");
        for (int round = 0; round < 3; ++round) {
            const double decode = decodeRate(files, trunk.preprocess);
            const double network = networkRate(trunk, files.size());
            const double limit = 1.0 / (1.0 / decode + 1.0 / network);
            const auto result = engine::features(files, {}, {}, {});
            const double whole = static_cast<double>(result.paths.size()) / result.seconds;
            std::printf("%10.1f %10.1f %10.1f %12.1f %8.2f\n", decode, network, limit, whole, whole / limit);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
