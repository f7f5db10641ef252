#pragma once
#include "core/network/graph.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <array>
#include <cstdint>
#include <vector>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

using network::Role;

/// The tensors of one node, by role; undefined where it has none. An Affine keeps its two constants here.
using Own = std::array<at::Tensor, 4>;

/// A measured statistic and what it becomes once the step has succeeded.
struct Measured {
    at::Tensor kept;
    at::Tensor next;
};

/// How layers behave while a network learns.
struct Learning {
    bool batchStatistics = false; ///< batch norm normalises by the batch
    std::vector<Measured>* measured = nullptr; ///< where batch norm notes new statistics; null: nowhere
    bool dropout = true;
    std::uint64_t seed = 0; ///< of dropout
    int first = 0; ///< index of the first picture, for dropout
};

/// Everything a layer may look at while it runs.
struct Call {
    const Own& own;
    int node = 0;
    std::vector<at::Tensor> inputs;
    at::ScalarType type = at::kFloat;
    const Learning* learning = nullptr; ///< null in evaluation

    const at::Tensor& input() const { return inputs[0]; }

    const at::Tensor& as(Role role) const { return own[static_cast<std::size_t>(role)]; }

    /// In the precision of the computation. In training this is where float32 weights are rounded, so that
    /// the gradient comes back in float32.
    at::Tensor typed(Role role) const { return as(role).defined() ? as(role).to(type) : at::Tensor(); }

    /// Writing over the input saves memory and time, but only where nobody else can see it.
    /// Others hold the tensor itself (a later reader), or a view of its numbers.
    bool mayOverwrite() const
    {
        return !c10::GradMode::is_enabled() && input().use_count() == 1 && input().storage().use_count() == 1;
    }
};

/// The result of one layer. Throws whatever the tensor library throws.
at::Tensor runLayer(const network::Op& op, const Call& call);

} // namespace graft::neural
