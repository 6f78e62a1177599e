// The contract of bench_controllers on Boost.Beast with RapidJSON: `server --port P --files DIR`. One thread;
// a session is written as Beast's own example of an asynchronous server, with its time limit for a request.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using rapidjson::Value;

using Request = http::request<http::string_body>;
template <class Body>
using Response = std::shared_ptr<http::response<Body>>;

std::string_view text_of(Value const& value) {
  return {value.GetString(), value.GetStringLength()};
}

bool is_alphanumeric(std::string_view text) {
  auto const is_one = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_one);
}

/// In characters of UTF-8.
std::ptrdiff_t length_of(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

Value const* text_member(Value const& order, char const* name) {
  auto const found = order.FindMember(name);
  return found != order.MemberEnd() && found->value.IsString() ? &found->value : nullptr;
}

bool are_extras(Value const& extras) {
  return extras.IsArray() && extras.Size() <= 8 &&
         std::all_of(extras.Begin(), extras.End(), [](Value const& extra) { return extra.IsString(); });
}

/// The rules of an order, by hand.
bool is_order(Value const& order) {
  if (!order.IsObject()) return false;
  auto const* const customer = text_member(order, "customer");
  if (customer == nullptr || !is_alphanumeric(text_of(*customer))) return false;
  auto const* const item = text_member(order, "item");
  if (item == nullptr || length_of(text_of(*item)) < 1 || length_of(text_of(*item)) > 64) return false;
  auto const quantity = order.FindMember("quantity");
  if (quantity == order.MemberEnd() || !quantity->value.IsInt()) return false;
  if (quantity->value.GetInt() < 1 || quantity->value.GetInt() > 100) return false;
  auto const* const size = text_member(order, "size");
  constexpr std::string_view sizes[] = {"small", "medium", "large"};
  if (size == nullptr || std::find(std::begin(sizes), std::end(sizes), text_of(*size)) == std::end(sizes))
    return false;
  auto const express = order.FindMember("express");
  if (express == order.MemberEnd() || !express->value.IsBool()) return false;
  auto const extras = order.FindMember("extras");
  if (extras == order.MemberEnd() || !are_extras(extras->value)) return false;
  auto const note = order.FindMember("note");
  return note == order.MemberEnd() || (note->value.IsString() && length_of(text_of(note->value)) <= 200);
}

std::string receipt_of(Value const& order) {
  rapidjson::StringBuffer text;
  rapidjson::Writer writer(text);
  writer.StartObject();
  writer.Key("item");
  order["item"].Accept(writer);
  writer.Key("quantity");
  order["quantity"].Accept(writer);
  writer.EndObject();
  return {text.GetString(), text.GetSize()};
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::string const& files) : stream_(std::move(socket)), files_(files) {}

  void read() {
    request_ = {};
    stream_.expires_after(std::chrono::seconds(30));
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    constexpr std::string_view below = "/files/";
    std::string_view const target(request_.target().data(), request_.target().size());
    if (request_.method() == http::verb::post && target == "/orders") return take_order();
    if (request_.method() == http::verb::get && target.starts_with(below) &&
        target.find("..") == std::string_view::npos)
      return send_file(target.substr(below.size()));
    send_text(http::status::not_found, "{\"message\":\"Not Found\"}");
  }

  void take_order() {
    rapidjson::Document order;
    order.ParseInsitu(request_.body().data());
    if (order.HasParseError() || !is_order(order))
      return send_text(http::status::bad_request, "{\"message\":\"Bad Request\"}");
    send_text(http::status::created, receipt_of(order));
  }

  void send_text(http::status status, std::string text) {
    auto const response = std::make_shared<http::response<http::string_body>>(status, request_.version());
    response->set(http::field::content_type, "application/json; charset=utf-8");
    response->body() = std::move(text);
    send(response);
  }

  void send_file(std::string_view name) {
    http::file_body::value_type file;
    beast::error_code error;
    file.open((files_ + "/" + std::string(name)).c_str(), beast::file_mode::scan, error);
    if (error) return send_text(http::status::not_found, "{\"message\":\"Not Found\"}");
    auto const response = std::make_shared<http::response<http::file_body>>(
        std::piecewise_construct, std::make_tuple(std::move(file)),
        std::make_tuple(http::status::ok, request_.version()));
    response->set(http::field::content_type, "text/plain; charset=utf-8");
    send(response);
  }

  template <class Body>
  void send(Response<Body> const& response) {
    response->keep_alive(request_.keep_alive());
    response->prepare_payload();
    http::async_write(stream_, *response,
                      [self = shared_from_this(), response](beast::error_code error, std::size_t) {
                        if (!error && response->keep_alive()) self->read();
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  Request request_;
  std::string const& files_;
};

void accept(tcp::acceptor& acceptor, std::string const& files) {
  acceptor.async_accept([&acceptor, &files](beast::error_code error, tcp::socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<Session>(std::move(socket), files)->read();
    }
    accept(acceptor, files);
  });
}

/// What follows `name` on the command line.
std::string option(int argc, char** argv, std::string_view name) {
  auto** const end = argv + argc;
  auto** const found = std::find(argv, end, name);
  return found != end && found + 1 != end ? found[1] : "";
}

}  // namespace

int main(int argc, char** argv) {
  auto const port = static_cast<std::uint16_t>(std::atoi(option(argc, argv, "--port").c_str()));
  auto const files = option(argc, argv, "--files");
  asio::io_context loop(1);
  tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), port});
  std::cout << "listening on http://127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
  accept(acceptor, files);
  loop.run();
}
