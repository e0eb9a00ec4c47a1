#include <catch2/catch_test_macros.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "native/base/frame.h"
#include "native/base/posix.h"
#include "tests/native/support.h"

using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("frames: come out whole however the stream is cut", "[native]") {
    const TimeLimit limit(20);
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    auto& [reader_end, writer_end] = pair.value();
    REQUIRE(set_nonblocking(reader_end.get()));
    std::vector<std::uint8_t> stream = make_frame(std::vector<std::uint8_t>{1, 2, 3});
    const auto empty = make_frame({});
    stream.insert(stream.end(), empty.begin(), empty.end());
    FrameReader reader;
    std::vector<std::size_t> sizes;
    for (const std::uint8_t byte : stream) {
        REQUIRE(write_all(writer_end.get(), std::vector{byte}));
        CHECK(reader.read_from(reader_end.get()) == FrameReader::Status::more);
        while (const auto frame = reader.next()) sizes.push_back(frame->size());
    }
    CHECK(sizes == std::vector<std::size_t>{3, 0});
    writer_end.reset();
    CHECK(reader.read_from(reader_end.get()) == FrameReader::Status::closed);
}

TEST_CASE("frames: a blocking socket is waited for once, whatever arrives", "[native]") {
    const TimeLimit limit(20);
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    UniqueFd& reader_end = pair.value().first;
    UniqueFd& writer_end = pair.value().second;
    FrameReader reader;
    CHECK(reader.read_from_socket(reader_end.get(), false) == FrameReader::Status::more);
    CHECK_FALSE(reader.next().has_value());

    // As many bytes as one read takes: waiting for another piece would be for ever.
    const auto frame = make_frame(std::vector<std::uint8_t>(1020, 5));
    REQUIRE(frame.size() == 1024);
    std::vector<std::uint8_t> stream;
    for (int i = 0; i < 64; ++i) stream.insert(stream.end(), frame.begin(), frame.end());
    std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        (void)write_all(writer_end.get(), stream);
    });
    CHECK(reader.read_from_socket(reader_end.get(), true) == FrameReader::Status::more);
    CHECK(reader.next().has_value());
    writer.join();
    writer_end.reset();
    while (reader.read_from_socket(reader_end.get(), true) == FrameReader::Status::more) continue;
    int frames = 1;
    while (reader.next()) ++frames;
    CHECK(frames == 64);
}

TEST_CASE("frames: a length above 64 MiB is garbage", "[native]") {
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    REQUIRE(set_nonblocking(pair.value().first.get()));
    REQUIRE(write_all(pair.value().second.get(), std::vector<std::uint8_t>{0xff, 0xff, 0xff, 0xff}));
    FrameReader reader;
    CHECK(reader.read_from(pair.value().first.get()) == FrameReader::Status::garbage);
    CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("frames: 20 MiB pass through a socket whole (2 threads)", "[native]") {
    const TimeLimit limit(60);
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    const std::vector<std::uint8_t> payload(20u << 20, 7);
    std::thread writer([&] { (void)write_all(pair.value().second.get(), make_frame(payload)); });
    const auto read = read_frame(pair.value().first.get());
    writer.join();
    REQUIRE(read);
    CHECK(read.value() == payload);
}
