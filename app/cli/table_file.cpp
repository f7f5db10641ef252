#include "app/cli/table_file.h"

#include "app/cli/text.h"
#include "core/base/file.h"

#include <ostream>

namespace graft::cli {

namespace {

std::string field(std::string_view text)
{
    if (text.find_first_of("\",\r\n") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + "\"";
}

} // namespace

void writeTable(const std::filesystem::path& file, const std::vector<std::string>& classes,
                const std::vector<engine::Prediction>& predictions)
{
    constexpr int digits = 6;
    writeFile(file, [&](std::ostream& out) {
        out << "path,class,probability,rejected";
        for (const std::string& name : classes)
            out << ',' << field(name);
        out << "\r\n";
        for (const engine::Prediction& prediction : predictions) {
            const auto best = static_cast<std::size_t>(prediction.best);
            out << field(std::filesystem::absolute(prediction.path).lexically_normal().native()) << ','
                << (prediction.rejected ? std::string() : field(classes.at(best))) << ','
                << fixed(prediction.probabilities.at(best), digits) << ','
                << (prediction.rejected ? "true" : "false");
            for (const float probability : prediction.probabilities)
                out << ',' << fixed(probability, digits);
            out << "\r\n";
        }
    });
}

} // namespace graft::cli
