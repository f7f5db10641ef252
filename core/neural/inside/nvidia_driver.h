#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace graft::neural {

/// A graphics card as its driver describes it.
struct DriverCard {
    std::string name; ///< "NVIDIA H100 PCIe"
    std::int64_t memory = 0; ///< bytes
    int generation = 0; ///< first number of the compute capability: 8 for Ampere, whose cores know bfloat16
};

/// NVIDIA's driver. It is asked by itself, so that something can be said about it whatever LibTorch can do.
struct NvidiaDriver {
    bool found = false; ///< its library, libcuda.so.1
    int cuda = 0; ///< newest CUDA it serves: 13000 for 13.0; 0: it does not say
    std::string version; ///< "580.65.06"; empty where the kernel does not say
    int failure = 0; ///< what cuInit() returned; 0: it answers
    std::vector<DriverCard> cards; ///< in the driver's order, which is CUDA's
};

/// Asked once for the process, at the first call. Any thread.
const NvidiaDriver& nvidiaDriver();

/// "13.0" of 13000.
std::string cudaVersion(int number);

/// Whether a card of NVIDIA's is plugged in, with or without a driver.
bool nvidiaCardPluggedIn();

} // namespace graft::neural
