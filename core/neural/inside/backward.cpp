#include "core/neural/inside/backward.h"

#include "core/neural/inside/tensors.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <optional>

namespace graft::neural {

namespace {

/// One piece of the way, run so that it can be differentiated.
struct Recorded {
    Results start; ///< leaves of what is recorded
    Results end;

    Recorded(const Differentiable& what, const std::vector<int>& nodes, Results given,
             const Learning& learning)
        : start(std::move(given))
    {
        const c10::AutoGradMode recording(true);
        for (std::size_t node = 0; node < start.size(); ++node) {
            if (start[node].defined() && node != static_cast<std::size_t>(what.source))
                start[node] = start[node].detach().requires_grad_();
        }
        end = start;
        what.graph.run(what.route, nodes, what.type, &learning, end);
    }
};

void addTo(at::Tensor& sum, const at::Tensor& more)
{
    if (!more.defined())
        return;
    sum = sum.defined() ? sum + more : more;
}

/// Carries slopes from the results of a piece to its parameters and to what it started with.
class BackwardPass
{
public:
    BackwardPass(const Differentiable& what, Results slopes)
        : m_what(what)
        , m_slopes(std::move(slopes))
        , m_gradients(what.learned.size())
    {
    }

    void through(const Recorded& piece, const std::vector<int>& nodes)
    {
        std::vector<at::Tensor> roots;
        std::vector<at::Tensor> slopes;
        for (const int node : nodes) {
            at::Tensor slope = std::move(m_slopes[node]);
            if (!slope.defined() || !piece.end[node].requires_grad())
                continue;
            roots.push_back(piece.end[node]);
            slopes.push_back(std::move(slope));
        }
        if (roots.empty())
            return;
        std::vector<at::Tensor> leaves;
        std::vector<at::Tensor*> sums;
        for (std::size_t i = 0; i < m_what.learned.size(); ++i) {
            if (!std::ranges::binary_search(nodes, m_what.learned[i].node))
                continue;
            leaves.push_back(m_what.graph.tensor(m_what.learned[i]));
            sums.push_back(&m_gradients[i]);
        }
        for (std::size_t node = 0; node < piece.start.size(); ++node) {
            if (!piece.start[node].defined() || !piece.start[node].requires_grad())
                continue;
            leaves.push_back(piece.start[node]);
            sums.push_back(&m_slopes[node]);
        }
        constexpr bool keepsRecord = false;
        constexpr bool twice = false;
        constexpr bool mayBeUnused = true;
        const auto parts = torch::autograd::grad(roots, leaves, slopes, keepsRecord, twice, mayBeUnused);
        for (std::size_t i = 0; i < parts.size(); ++i)
            addTo(*sums[i], parts[i]);
    }

    std::vector<at::Tensor> gradients() && { return std::move(m_gradients); }

private:
    const Differentiable& m_what;
    Results m_slopes;
    std::vector<at::Tensor> m_gradients;
};

} // namespace

std::vector<at::Tensor> gradientsOf(const Differentiable& what, const at::Tensor& input,
                                    const Learning& learning, const SlopesAt& slopesAt)
{
    const c10::NoGradGuard nothingElseRecords;
    std::vector<Results> starts(what.pieces.size());
    starts[0].resize(what.graph.graph().nodes.size());
    starts[0][what.source] = input;
    for (std::size_t i = 0; i + 1 < what.pieces.size(); ++i) {
        starts[i + 1] = starts[i];
        what.graph.run(what.route, what.pieces[i], what.type, &learning, starts[i + 1]);
    }
    std::optional<Recorded> last(std::in_place, what, what.pieces.back(), std::move(starts.back()), learning);

    return named("backward pass", [&] {
        std::vector<at::Tensor> results;
        for (const int node : what.wanted)
            results.push_back(last->end[node].detach());
        const std::vector<at::Tensor> atResults = slopesAt(results);
        Results slopes(last->end.size());
        for (std::size_t i = 0; i < what.wanted.size(); ++i)
            slopes[what.wanted[i]] = atResults[i];
        BackwardPass pass(what, std::move(slopes));
        pass.through(*last, what.pieces.back());
        last.reset();
        Learning again = learning;
        again.measured = nullptr; // the statistics of this batch are noted already
        for (std::size_t i = what.pieces.size() - 1; i-- > 0;)
            pass.through(Recorded(what, what.pieces[i], std::move(starts[i]), again), what.pieces[i]);
        return std::move(pass).gradients();
    });
}

} // namespace graft::neural
