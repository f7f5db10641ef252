#pragma once
#include "ui/jobs/preview_worker.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;
class QStackedLayout;

namespace graft::ui {

class ElidedLabel;
class PictureChooser;
class PictureModel;
class TileGrid;
class TileModel;
class TileView;

/// The right side of the augment page: a picture, and what training sees of it. Works while it is shown.
class PreviewPanel : public QWidget
{
    Q_OBJECT
public:
    PreviewPanel(PictureModel* pictures, const PreprocessSpec& preprocess, std::uint64_t seed,
                 QWidget* parent = nullptr);

    const TileModel& tiles() const { return *m_tiles; }

    const TileGrid& grid() const { return *m_grid; }

    bool isUpToDate() const; ///< the tiles are those that were asked for last

    int picture() const; ///< row of the model; -1: none
    void setPicture(int row);
    void forget(); ///< what was decoded, as when files may have changed

    /// Requires a valid recipe. `alone`: the title of the only step that is shown of it, empty where that is
    /// all.
    void setRecipe(const augment::Recipe& recipe, const QString& alone);

signals:
    void showAll(); ///< steps of the recipe
    void previewed(); ///< newer tiles are shown

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeTop();
    QWidget* makeCaption();
    void connectAll();
    void reroll();
    void request();
    void display(const Preview& preview);
    void enlarge(int row);
    void stepEnlarged(int by);
    void showTiles(); ///< all of them again
    void point(int row); ///< says in words what happened to that tile

    PictureModel* m_pictures;
    PreviewWorker* m_worker;
    TileModel* m_tiles;
    augment::Recipe m_recipe;
    QString m_alone;
    PreviewRequest m_asked; ///< last
    bool m_upToDate = true;
    int m_enlarged = -1; ///< tile that is shown large
    int m_pointed = -1;
    PictureChooser* m_chooser;
    QPushButton* m_compare;
    QPushButton* m_reroll;
    QStackedLayout* m_stack; ///< grid, one tile
    TileGrid* m_grid;
    TileView* m_view;
    QSpinBox* m_first; ///< number of the first draw
    QLabel* m_last;
    ElidedLabel* m_words;
    QPushButton* m_showAll;
};

} // namespace graft::ui
