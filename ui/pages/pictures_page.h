#pragma once
#include "ui/page.h"

class QComboBox;
class QLineEdit;
class QListView;
class QModelIndex;
class QSlider;

namespace graft::ui {

class ClassModel;
class PictureDelegate;
class PictureFilter;
class PictureModel;
class ProblemsPanel;
class Session;
class SplitCard;
class ThumbnailLoader;

/// The pictures of the project: classes and split, a grid of all of them with filters, and the problems of
/// the import.
class PicturesPage : public Page
{
    Q_OBJECT
public:
    explicit PicturesPage(Session& session, QWidget* parent = nullptr);
    ~PicturesPage() override;

signals:
    void newTraining();
    void addPictures();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override; ///< the grid changed its width

private:
    QWidget* makeSide();
    QWidget* makeGrid();
    void makeHeader();
    void connectFilters();
    void refresh(); ///< takes the session's dataset
    void refreshAdvice();
    void checkFolder(); ///< on another thread: it may be on a disk that sleeps
    void findFolder();
    void showLabel(int label); ///< -1: all; in list and combo box
    void showCount();
    void fitTiles();
    void openPicture(const QModelIndex& index);

    Session& m_session;
    ThumbnailLoader* m_loader;
    PictureModel* m_pictures;
    PictureFilter* m_filter;
    PictureDelegate* m_delegate;
    ClassModel* m_classes;
    QListView* m_classList;
    SplitCard* m_split;
    QLineEdit* m_find;
    QComboBox* m_classChoice;
    QComboBox* m_sideChoice;
    QComboBox* m_stateChoice;
    QSlider* m_size;
    QListView* m_grid;
    QLabel* m_nothing;
    ProblemsPanel* m_problems;
};

} // namespace graft::ui
