#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/text.h"
#include "core/learn/strategy.h"

namespace graft::cli {

namespace {

Answer listStrategies(Work&)
{
    Json list = Json::array();
    Table table({"id", "name", "when"});
    for (const learn::StrategySpec& spec : learn::strategies()) {
        list.push_back({{"id", spec.id}, {"title", spec.title}, {"sentence", spec.sentence}});
        table.add({std::string(spec.id), std::string(spec.title), std::string(spec.sentence)});
    }
    return {dump({{"strategies", std::move(list)}}), table.text(), Done, {}, {}};
}

} // namespace

Action prepareStrategies(CLI::App&)
{
    return listStrategies;
}

} // namespace graft::cli
