// Serving a file from a worker thread.

#include "http/file_server.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/worker_pool.hpp>

#include <exception>

namespace aerie { inline namespace v1 { namespace http {

namespace {

/// An exchange that waits for a worker. Its shard keeps it until the worker is done, whether or not the peer
/// is.
class FileCall final : public ExchangeOwner, public core::Adopted {
 public:
  FileCall(std::shared_ptr<FileServer const> files, Exchange& exchange, std::string header_lines)
      : files_(std::move(files)),
        shard_(exchange.shard()),
        exchange_(&exchange),
        head_(exchange.head()),
        header_lines_(std::move(header_lines)) {}

  void submit() {
    exchange_->hold(*this);
    shard_.runtime().workers().submit([this] { work(); });
  }

  void on_aborted(Exchange&) override { exchange_ = nullptr; }

 private:
  void work() noexcept {
    try {
      reply_ = files_->load(head_);
    } catch (std::exception const& error) {
      reply_ = {500, {}, {}, error.what()};
    }
    shard_.post([this] { answer(); });
  }

  void answer() {
    if (!reply_.problem.empty()) shard_.runtime().log().error("http", reply_.problem);
    if (exchange_ != nullptr) {
      header_lines_.append(reply_.header_lines);
      exchange_->respond(reply_.status, header_lines_, reply_.body);
    }
    shard_.dismiss(*this);
  }

  std::shared_ptr<FileServer const> files_;
  core::Shard& shard_;
  Exchange* exchange_;
  RequestHead head_;
  std::string header_lines_;
  FileReply reply_;
};

}  // namespace

void FileServer::begin(std::shared_ptr<FileServer const> files, Exchange& exchange,
                       std::string header_lines) {
  auto made = std::make_unique<FileCall>(std::move(files), exchange, std::move(header_lines));
  auto& call = *made;
  exchange.shard().adopt(std::move(made));
  call.submit();
}

}}}  // namespace aerie::v1::http
