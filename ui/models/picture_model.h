#pragma once
#include "core/dataset/dataset.h"

#include <QAbstractListModel>
#include <QSortFilterProxyModel>

#include <optional>
#include <vector>

namespace graft::ui {

/// The pictures of a dataset, one row each, in the dataset's order.
class PictureModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        LabelRole = Qt::UserRole, ///< int
        ClassRole, ///< QString
        SideRole, ///< QString, empty for training pictures
    };

    using QAbstractListModel::QAbstractListModel;

    void setDataset(const dataset::Dataset& dataset); ///< takes a copy

    const dataset::Dataset& dataset() const { return m_dataset; }

    const dataset::Picture& picture(int row) const
    {
        return m_dataset.pictures[static_cast<std::size_t>(row)];
    }

    const QString& name(int row) const { return m_names[static_cast<std::size_t>(row)]; } ///< of the file

    bool hasTwin(int row) const; ///< another picture is (nearly) the same

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    dataset::Dataset m_dataset;
    std::vector<QString> m_names;
    std::vector<int> m_groupSizes;
};

/// The pictures that all chosen filters let through.
class PictureFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    enum class State {
        All,
        Twins, ///< another picture is (nearly) the same
        Small, ///< shorter side under SmallSide: the network sees it enlarged
    };

    static constexpr int SmallSide = 224; ///< pixels, what most networks take

    explicit PictureFilter(QObject* parent = nullptr);

    void setPictures(PictureModel* model);
    void setName(const QString& part); ///< of the file name, any case
    void setLabel(int label); ///< -1: all
    void setSide(std::optional<dataset::Side> side);
    void setState(State state);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    PictureModel* m_pictures = nullptr;
    QString m_name;
    int m_label = -1;
    std::optional<dataset::Side> m_side;
    State m_state = State::All;
};

} // namespace graft::ui
