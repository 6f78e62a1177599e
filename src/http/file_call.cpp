// Serving a file: worker threads read it slice by slice, as the peer takes it.

#include "http/file_server.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/worker_pool.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

/// What one download holds in memory, besides the little that waits to be sent.
constexpr std::size_t slice_size = std::size_t{64} * 1024;

/// An exchange that is answered with a file. Its shard keeps it until the worker is done, whether or not the
/// peer is. Members are the worker's while `working_`, else the shard's.
class FileCall final : public ExchangeOwner, public core::Adopted {
 public:
  FileCall(std::shared_ptr<FileServer const> files, Exchange& exchange, std::string path,
           std::string header_lines)
      : files_(std::move(files)),
        shard_(exchange.shard()),
        exchange_(exchange),
        head_(exchange.head()),
        path_(std::move(path)),
        header_lines_(std::move(header_lines)),
        now_(shard_.clock().wall()),
        charge_(shard_.account(), slice_size) {}

  void start() {
    exchange_.hold(*this);
    if (!exchange_) return;
    submit([this] {
      reply_ = files_->find(head_, path_, now_);
      if (!reply_.file || head_.verb() == Method::head) return;
      left_ = reply_.range;
      if (!read_slice()) reply_ = FileReply::not_found();
    });
  }

  void on_room(Exchange&) override {
    if (!working_) read_on();
  }
  void on_aborted(Exchange&) override {
    if (!working_) shard_.dismiss(*this);
  }

 private:
  template <class F>
  void submit(F work) {
    working_ = true;
    shard_.runtime().workers().submit([this, work]() noexcept {
      try {
        work();
      } catch (std::exception const& error) {
        problem_ = error.what();
      }
      shard_.post([this] { worked(); });
    });
  }

  bool read_slice() {
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(left_.size, slice_size));
    if (!reply_.file->read(left_.begin, size, slice_)) return false;
    left_.begin += size;
    left_.size -= size;
    return true;
  }

  void read_on() {
    submit([this] {
      if (!read_slice()) problem_ = core::concat(path_, " has changed while it was being sent");
    });
  }

  /// A worker has done what it was asked for.
  void worked() {
    working_ = false;
    if (!problem_.empty()) shard_.runtime().log().error("http", problem_);
    if (!exchange_) return shard_.dismiss(*this);
    if (problem_.empty() ? send() : give_up()) shard_.dismiss(*this);
  }

  /// True if that was all.
  bool send() {
    auto& exchange = exchange_;
    if (!std::exchange(begun_, true)) {
      header_lines_.append(reply_.header_lines);
      if (!reply_.file) {
        exchange.respond(reply_.status, header_lines_, reply_.body);
        return true;
      }
      if (left_.size == 0 && head_.verb() != Method::head) {
        exchange.respond(reply_.status, header_lines_, slice_);
        return true;
      }
      if (!exchange.begin_answer(*this, reply_.status, header_lines_, reply_.range.size)) return true;
    }
    auto const welcome = exchange.write_part(slice_);
    if (left_.size == 0) {
      exchange.end_answer();
      return true;
    }
    if (welcome) read_on();
    return false;
  }

  bool give_up() {
    // What has been promised cannot be kept: the peer sees that its file ends too early.
    if (begun_) {
      exchange_.drop();
    } else {
      exchange_.respond(500, "", std::string_view{});
    }
    return true;
  }

  std::shared_ptr<FileServer const> files_;
  core::Shard& shard_;
  Exchange exchange_;
  RequestHead head_;
  std::string path_;
  std::string header_lines_;
  core::WallTime now_;
  core::Charge charge_;
  FileReply reply_;
  ByteRange left_;
  std::string slice_;
  std::string problem_;
  bool begun_ = false;
  bool working_ = false;
};

}  // namespace

void FileServer::begin(std::shared_ptr<FileServer const> files, Exchange& exchange, std::string path,
                       std::string header_lines) {
  auto made =
      std::make_unique<FileCall>(std::move(files), exchange, std::move(path), std::move(header_lines));
  auto& call = *made;
  exchange.shard().adopt(std::move(made));
  call.start();
}

}}}  // namespace aerie::v1::http
