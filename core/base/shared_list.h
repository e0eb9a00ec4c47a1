// A list whose copies share their items, so that ten thousand equal tasks of a thousand steps each take the memory of
// one.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace gil {

/// Items in order that never change once they are in the list; to change one, make another list. Copying is cheap, and
/// copies may be read in several threads at once.
template<class Item>
class SharedList {
  public:
    SharedList() = default;
    SharedList(std::vector<Item> items)
        : items_(items.empty() ? nullptr : std::make_shared<const std::vector<Item>>(std::move(items))) {}
    SharedList(std::initializer_list<Item> items) : SharedList(std::vector<Item>(items)) {}

    [[nodiscard]] const std::vector<Item>& items() const {
        static const std::vector<Item> nothing;
        return items_ ? *items_ : nothing;
    }
    [[nodiscard]] bool empty() const { return !items_; }
    [[nodiscard]] std::size_t size() const { return items_ ? items_->size() : 0; }
    [[nodiscard]] auto begin() const { return items().begin(); }
    [[nodiscard]] auto end() const { return items().end(); }
    [[nodiscard]] const Item& front() const { return items_->front(); }
    [[nodiscard]] const Item& back() const { return items_->back(); }
    [[nodiscard]] const Item& operator[](std::size_t index) const { return (*items_)[index]; }

    /// One is a copy of the other, so that comparing them takes no time.
    [[nodiscard]] bool shares_with(const SharedList& other) const { return items_ == other.items_; }
    bool operator==(const SharedList& other) const { return shares_with(other) || items() == other.items(); }

  private:
    std::shared_ptr<const std::vector<Item>> items_; ///< null when there are none
};

} // namespace gil
