#pragma once
#include <QFrame>

class QListView;
class QMenu;
class QStandardItemModel;
class QToolButton;

namespace graft::ui {

class TwoLineDelegate;

/// The panel at the left: the project with its menu, and the pages with a live hint each.
class Navigation : public QFrame
{
    Q_OBJECT
public:
    explicit Navigation(QWidget* parent = nullptr);

    void setProject(const QString& name, QMenu* menu); ///< the menu stays the caller's
    void addPage(const char* iconName, const QString& title);
    void setHint(int page, const QString& hint);
    void setCurrent(int page);
    void setNarrow(bool narrow); ///< 176 px without hints instead of 208 px

signals:
    void chosen(int page);

private:
    QToolButton* m_project;
    QStandardItemModel* m_model;
    TwoLineDelegate* m_delegate;
    QListView* m_list;
};

} // namespace graft::ui
