#include "core/learn/logme.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace graft::learn {

namespace {

/// Row-major, in double: evidence is a small difference of large numbers.
struct Matrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values {};

    double& at(std::size_t row, std::size_t column) { return values[row * columns + column]; }

    double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }

    double* row(std::size_t index) { return values.data() + index * columns; }
};

Matrix zeros(std::size_t rows, std::size_t columns)
{
    return {rows, columns, std::vector<double>(rows * columns)};
}

Matrix labelsOneHot(const LabelledFeatures& features, int classes)
{
    Matrix targets = zeros(features.labels.size(), static_cast<std::size_t>(classes));
    for (std::size_t row = 0; row < targets.rows; ++row)
        targets.at(row, static_cast<std::size_t>(features.labels[row])) = 1.0;
    return targets;
}

/// F Fᵀ, [rows, rows].
Matrix outerGram(const LabelledFeatures& features)
{
    const auto channels = static_cast<std::size_t>(features.channels);
    Matrix gram = zeros(features.labels.size(), features.labels.size());
    for (std::size_t i = 0; i < gram.rows; ++i) {
        const float* a = features.values.data() + i * channels;
        for (std::size_t j = 0; j <= i; ++j) {
            const float* b = features.values.data() + j * channels;
            double sum = 0.0;
            for (std::size_t c = 0; c < channels; ++c)
                sum += static_cast<double>(a[c]) * static_cast<double>(b[c]);
            gram.at(i, j) = gram.at(j, i) = sum;
        }
    }
    return gram;
}

/// Fᵀ B, [channels, columns of B].
template <typename Cell>
Matrix transposedTimes(const LabelledFeatures& features, std::size_t columns, const Cell& cell)
{
    const auto channels = static_cast<std::size_t>(features.channels);
    Matrix product = zeros(channels, columns);
    for (std::size_t row = 0; row < features.labels.size(); ++row) {
        const float* own = features.values.data() + row * channels;
        for (std::size_t c = 0; c < channels; ++c) {
            for (std::size_t k = 0; k < columns; ++k)
                product.at(c, k) += static_cast<double>(own[c]) * cell(row, k);
        }
    }
    return product;
}

void rotate(double* a, double* b, std::size_t count, double cosine, double sine)
{
    for (std::size_t i = 0; i < count; ++i) {
        const double x = a[i];
        const double y = b[i];
        a[i] = cosine * x - sine * y;
        b[i] = sine * x + cosine * y;
    }
}

/// Makes a symmetric matrix diagonal by Jacobi's rotations (G. H. Golub, C. F. Van Loan, "Matrix
/// computations", section 8.5), and turns `vectors` into Qᵀ vectors along with it.
void diagonalise(Matrix& symmetric, Matrix& vectors)
{
    constexpr int mostSweeps = 30; // about eight are enough
    constexpr double negligible = 1e-12; // of the diagonal
    for (int sweep = 0; sweep < mostSweeps; ++sweep) {
        double diagonal = 0.0;
        double rest = 0.0;
        for (std::size_t i = 0; i < symmetric.rows; ++i) {
            diagonal += symmetric.at(i, i) * symmetric.at(i, i);
            for (std::size_t j = 0; j < i; ++j)
                rest += 2.0 * symmetric.at(i, j) * symmetric.at(i, j);
        }
        if (rest <= negligible * negligible * diagonal)
            return;
        for (std::size_t p = 0; p + 1 < symmetric.rows; ++p) {
            for (std::size_t q = p + 1; q < symmetric.rows; ++q) {
                const double between = symmetric.at(p, q);
                if (between == 0.0)
                    continue;
                const double theta = (symmetric.at(q, q) - symmetric.at(p, p)) / (2.0 * between);
                const double tangent =
                    std::copysign(1.0, theta) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
                const double cosine = 1.0 / std::sqrt(tangent * tangent + 1.0);
                const double sine = tangent * cosine;
                rotate(symmetric.row(p), symmetric.row(q), symmetric.columns, cosine, sine);
                for (std::size_t i = 0; i < symmetric.rows; ++i)
                    rotate(&symmetric.at(i, p), &symmetric.at(i, q), 1, cosine, sine);
                rotate(vectors.row(p), vectors.row(q), vectors.columns, cosine, sine);
            }
        }
    }
}

/// Singular values of the features, squared, and the targets' squared parts along the left singular vectors.
struct Spectrum {
    std::vector<double> squares {}; ///< σ², those that are not zero
    Matrix parts {}; ///< (Uᵀ y)², [σ, classes]
};

Spectrum spectrumOf(const LabelledFeatures& features, int classes)
{
    const bool wide = features.rows() <= features.channels;
    const Matrix targets = labelsOneHot(features, classes);
    const auto channels = static_cast<std::size_t>(features.channels);
    Matrix vectors =
        wide ? targets : transposedTimes(features, targets.columns, [&](std::size_t row, std::size_t k) {
            return targets.at(row, k);
        });
    Matrix gram =
        wide ? outerGram(features) : transposedTimes(features, channels, [&](std::size_t row, std::size_t c) {
            return static_cast<double>(features.values[row * channels + c]);
        });
    diagonalise(gram, vectors);
    double largest = 0.0;
    for (std::size_t i = 0; i < gram.rows; ++i)
        largest = std::max(largest, gram.at(i, i));
    constexpr double rounding = 1e-10; // of float32 features: smaller ones are noise
    Spectrum spectrum;
    spectrum.parts.columns = targets.columns;
    for (std::size_t i = 0; i < gram.rows; ++i) {
        const double square = gram.at(i, i);
        if (square <= rounding * largest)
            continue;
        spectrum.squares.push_back(square);
        for (std::size_t k = 0; k < targets.columns; ++k) {
            const double part = vectors.at(i, k);
            spectrum.parts.values.push_back(wide ? part * part : part * part / square); // Uᵀ y = Vᵀ Fᵀ y / σ
        }
    }
    spectrum.parts.rows = spectrum.squares.size();
    return spectrum;
}

/// Of one class, for each row: the fixed point of α and β (equations 3 to 5 of the paper, in the basis of the
/// singular vectors).
double logEvidence(const Spectrum& spectrum, std::size_t label, double rows, double targetSquared)
{
    constexpr int mostSteps = 200;
    constexpr double settled = 1e-6; // relative change of α / β
    constexpr double smallest = 1e-12; // keeps a perfect fit finite
    double alpha = 1.0;
    double beta = 1.0;
    double evidence = 0.0;
    for (int step = 0; step < mostSteps; ++step) {
        const double ratio = alpha / beta;
        double determined = 0.0;
        double weights = 0.0;
        double residual = targetSquared;
        double determinant = 0.0;
        for (std::size_t i = 0; i < spectrum.squares.size(); ++i) {
            const double square = spectrum.squares[i];
            const double part = spectrum.parts.at(i, label);
            const double kept = square / (square + ratio);
            determined += kept;
            weights += kept / (square + ratio) * part;
            residual += ((1.0 - kept) * (1.0 - kept) - 1.0) * part;
            determinant += std::log1p(square / ratio);
        }
        weights = std::max(weights, smallest);
        residual = std::max(residual, smallest);
        evidence = 0.5
            * (rows * std::log(beta / (2.0 * std::numbers::pi)) - determinant - beta * residual
               - alpha * weights);
        alpha = determined / weights;
        beta = (rows - determined) / residual;
        if (std::abs(alpha / beta - ratio) <= settled * ratio)
            break;
    }
    return evidence / rows;
}

} // namespace

double logMe(const LabelledFeatures& features, int classes)
{
    if (features.labels.empty() || features.channels < 1 || classes < 1)
        throw Error("features", "there are none to judge", "Add pictures.");
    const Spectrum spectrum = spectrumOf(features, classes);
    double sum = 0.0;
    for (int label = 0; label < classes; ++label)
        sum += logEvidence(spectrum, static_cast<std::size_t>(label), static_cast<double>(features.rows()),
                           static_cast<double>(std::ranges::count(features.labels, label)));
    return sum / classes;
}

} // namespace graft::learn
