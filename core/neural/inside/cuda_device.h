#pragma once
#include <string>

namespace graft::neural {

/// Cards that LibTorch sees. Opens the CUDA libraries; any thread.
int cudaDevices();

/// A small convolution and a matrix product on cuda:index, once for the process and card. Empty where they
/// came out right, else what happened: an old card, one that another program keeps for itself, a library that
/// does not fit.
const std::string& cudaTrouble(int index);

/// A sentence on why CUDA is not used; where `cudaDevices()` is above 0, on the first card's trouble.
std::string whyNoCuda();

/// How the driver calls a card.
std::string cudaTitle(int index);

} // namespace graft::neural
