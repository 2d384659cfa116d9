#include "Kernels.h"

// #embed is C23; this compiler offers it in every mode and warns.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char real_clh[] = {
#embed "real.clh" suffix(, )
    0};
static const char functions_clh[] = {
#embed "functions.clh" suffix(, )
    0};
static const char loss_clh[] = {
#embed "loss.clh" suffix(, )
    0};
static const char weights_cl[] = {
#embed "weights.cl" suffix(, )
    0};
static const char forward_cl[] = {
#embed "forward.cl" suffix(, )
    0};
static const char backward_cl[] = {
#embed "backward.cl" suffix(, )
    0};
static const char loss_cl[] = {
#embed "loss.cl" suffix(, )
    0};
static const char update_cl[] = {
#embed "update.cl" suffix(, )
    0};
static const char train_clh[] = {
#embed "train.clh" suffix(, )
    0};
static const char train_launch_clh[] = {
#embed "train_launch.clh" suffix(, )
    0};
static const char train_tiles_clh[] = {
#embed "train_tiles.clh" suffix(, )
    0};
static const char train_kept_clh[] = {
#embed "train_kept.clh" suffix(, )
    0};
static const char train_rows_cl[] = {
#embed "train_rows.cl" suffix(, )
    0};
static const char train_cl[] = {
#embed "train.cl" suffix(, )
    0};
static const char train_group_cl[] = {
#embed "train_group.cl" suffix(, )
    0};
static const char gram_cl[] = {
#embed "gram.cl" suffix(, )
    0};
static const char jacobian_cl[] = {
#embed "jacobian.cl" suffix(, )
    0};
static const char peak_cl[] = {
#embed "peak.cl" suffix(, )
    0};
static const char panel_ends_clh[] = {
#embed "panel_ends.clh" suffix(, )
    0};
static const char group_tiles_clh[] = {
#embed "group_tiles.clh" suffix(, )
    0};
static const char tensor_products_clh[] = {
#embed "tensor_products.clh" suffix(, )
    0};
static const char panels_clh[] = {
#embed "panels.clh" suffix(, )
    0};
static const char forward_panels_cl[] = {
#embed "forward_panels.cl" suffix(, )
    0};
static const char backward_panels_cl[] = {
#embed "backward_panels.cl" suffix(, )
    0};
static const char turn_panels_cl[] = {
#embed "turn_panels.cl" suffix(, )
    0};
static const char tangent_cl[] = {
#embed "tangent.cl" suffix(, )
    0};

static const InflatonKernelFile files[] = {
    {"real.clh", real_clh},
    {"functions.clh", functions_clh},
    {"loss.clh", loss_clh},
    {"weights.cl", weights_cl},
    {"forward.cl", forward_cl},
    {"panel_ends.clh", panel_ends_clh},
    {"group_tiles.clh", group_tiles_clh},
    {"tensor_products.clh", tensor_products_clh},
    {"panels.clh", panels_clh},
    {"forward_panels.cl", forward_panels_cl},
    {"backward.cl", backward_cl},
    {"backward_panels.cl", backward_panels_cl},
    {"turn_panels.cl", turn_panels_cl},
    {"loss.cl", loss_cl},
    {"update.cl", update_cl},
    {"train.clh", train_clh},
    {"train_launch.clh", train_launch_clh},
    {"train_tiles.clh", train_tiles_clh},
    {"train_kept.clh", train_kept_clh},
    {"train.cl", train_cl},
    {"train_rows.cl", train_rows_cl},
    {"train_group.cl", train_group_cl},
    {"gram.cl", gram_cl},
    {"tangent.cl", tangent_cl},
    {"jacobian.cl", jacobian_cl},
    {"peak.cl", peak_cl},
};

int inflatonKernelFileCount(void) { return sizeof files / sizeof files[0]; }

InflatonKernelFile inflatonKernelFile(int index) { return files[index]; }
