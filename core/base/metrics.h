#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace graft {

/// A share with its uncertainty.
struct Interval {
    double low = 0.0;
    double high = 1.0;
};

/// Wilson score interval of `correct` out of `total` at 95 % (E. B. Wilson, "Probable inference, the law of
/// succession, and statistical inference", 1927). [0, 1] when total is 0.
Interval wilson(std::int64_t correct, std::int64_t total);

/// How one class was answered.
struct ClassScore {
    std::int64_t pictures = 0; ///< that belong to the class
    std::int64_t correct = 0;
    std::int64_t predicted = 0; ///< answers that named the class
    double precision = 0.0; ///< correct / predicted, 0 where nothing was predicted
    double recall = 0.0; ///< correct / pictures
};

/// rows = truth, columns = answer.
class ConfusionMatrix
{
public:
    explicit ConfusionMatrix(int classes = 0);

    void add(int truth, int predicted);

    int classes() const { return m_classes; }

    std::int64_t at(int truth, int predicted) const { return m_counts[index(truth, predicted)]; }

    std::int64_t total() const;
    std::int64_t correct() const;
    double accuracy() const; ///< 0 when empty
    std::vector<ClassScore> perClass() const;

    bool operator==(const ConfusionMatrix&) const = default;

private:
    std::size_t index(int truth, int predicted) const
    {
        return static_cast<std::size_t>(truth) * static_cast<std::size_t>(m_classes)
            + static_cast<std::size_t>(predicted);
    }

    int m_classes = 0;
    std::vector<std::int64_t> m_counts;
};

/// exp(logits - max) / sum, in double. Writes over `logits`.
void softmax(std::span<float> logits);

} // namespace graft
