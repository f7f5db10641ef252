#pragma once
#include "ui/models/race_state.h"

#include <QAbstractTableModel>

namespace graft::ui {

/// 190 -> "3:10", 3700 -> "1:01:40"
QString clockTime(double seconds);

/// "Cut off the top layers, SVM"
QString racerTitle(const RaceState& race, int racer);

/// How one strategy stands, in words: "Done, 5:00", "3:10 of 5:00", "Waiting", "Skipped, 1:20", "Failed".
QString racerState(const RaceState& race, int racer);

/// The strategies of a race, the best first.
class RaceModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Rank, Strategy, Layers, Best, Likely, Test, State, ColumnCount };

    enum Role {
        IdRole = Qt::UserRole, ///< QString: the strategy
        NumberRole, ///< int: the strategy's, 1 to 4
        FromZeroRole, ///< bool: its network forgets its weights
        ShareRole, ///< of its time, 0..1, while it runs; else none
        StateRole, ///< int: engine::Racer::State
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setRace(const RaceState& race);

    int racer(int row) const { return m_ranking[static_cast<std::size_t>(row)]; } ///< its index

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const QModelIndex& index) const;
    QString details(const QModelIndex& index) const;

    RaceState m_race;
    std::vector<int> m_ranking;
};

} // namespace graft::ui
