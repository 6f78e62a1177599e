#include "command_line.hpp"

#include "command_error.hpp"
#include "connect.hpp"
#include "emit.hpp"
#include "generate.hpp"
#include "info.hpp"
#include "names.hpp"
#include "new_project.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <stdexcept>
#include <string_view>

namespace aerie::cli {

namespace {

constexpr int impossible = 1;
constexpr int misunderstood = 2;

/// A command line that says nothing that can be done. The text names the remedy.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The commands as CLI11 knows them, and what it has read.
class CommandLine {
 public:
  CommandLine() {
    root_.set_version_flag("--version", "aerie " AERIE_VERSION);
    describe_new();
    describe_generate();
    describe_emit();
    describe_connect();
    info_->allow_extras();
    root_.allow_extras();
  }

  int run(std::vector<std::string> words, Surroundings const& at) {
    try {
      std::ranges::reverse(words);  // as CLI11 wants them
      root_.parse(std::move(words));
    } catch (CLI::CallForHelp const& help) {
      return root_.exit(help, at.out, at.err);
    } catch (CLI::CallForVersion const& version) {
      return root_.exit(version, at.out, at.err);
    } catch (CLI::ParseError const& error) {
      throw UsageError(std::string(error.what()) + "; `aerie --help` lists commands and options");
    }
    check_words();
    if (new_->parsed()) new_project(project_, at.folder, at.program, at.out);
    if (generate_->parsed()) generate(component_, at.folder, at.out);
    if (emit_->parsed()) emit(emission_);
    if (connect_->parsed()) {
      connection_.interactive = at.is_terminal && !connection_.asks_for_something();
      connection_.colours =
          at.is_terminal && std::getenv("NO_COLOR") == nullptr;  // NOLINT(concurrency-mt-unsafe)
      return connect(connection_, at.out);
    }
    if (info_->parsed()) info(at.folder, at.program, at.out);
    return 0;
  }

 private:
  void describe_new() {
    new_->add_option("name", project_.name, "What it is called, and the folder that it is written to");
    new_->add_option(
            "--aerie", project_.aerie,
            "A checkout of Aerie, or the prefix that it is installed in; otherwise that of this program")
        ->type_name("PATH");
    new_->add_flag("--dry-run", project_.dry_run, "Say what would be written, and write nothing");
    new_->allow_extras();
  }

  void describe_generate() {
    std::string what;
    for (auto const& kind : kinds())
      what += (what.empty() ? "" : ", ") + std::string(kind.name) + " (" + std::string(kind.alias) + ")";
    generate_->alias("g");
    generate_->add_option("what", component_.kind, what);
    generate_->add_option("name", component_.name, "What it is called; may begin with folders: rooms/chat");
    generate_->add_flag("--flat", component_.flat, "Make no folder of its name");
    generate_->add_flag("--dry-run", component_.dry_run, "Say what would be written, and write nothing");
    generate_->add_flag("--no-spec", component_.no_spec, "Write no test");
    generate_->add_flag("--skip-import", component_.skip_import, "Register it in no module");
    generate_
        ->add_option("--module", component_.module, "The module to register it in; otherwise the nearest one")
        ->type_name("FILE");
    generate_->allow_extras();
  }

  void describe_emit() {
    emit_->add_option(
        "event", emission_.words,
        "The event and its arguments: each is JSON, or else a text. Behind `--` nothing is an option");
    emit_->add_option("--redis", emission_.redis, "The address of the cluster's Redis")
        ->type_name("URL")
        ->capture_default_str();
    emit_->add_option("--key", emission_.key, "The key of the cluster's adapters")->capture_default_str();
    emit_
        ->add_option("--signing-key-file", emission_.signing_key_file,
                     "A file with the first of the keys by which the cluster's messages are signed")
        ->type_name("FILE");
    emit_->add_option("--namespace", emission_.nsp, "For its clients alone")->capture_default_str();
    auto const rooms = [this](char const* name, std::vector<std::string>& to, char const* what) {
      emit_->add_option(name, to, what)->type_name("ROOM")->allow_extra_args(false);
    };
    rooms("--room", emission_.rooms,
          "For the members of a room, which may be a socket's id; may be repeated");
    rooms("--except", emission_.except, "Not for the members of a room; may be repeated");
    rooms("--join", emission_.join, "They join a room; may be repeated");
    rooms("--leave", emission_.leave, "They leave a room; may be repeated");
    emit_->add_flag("--disconnect", emission_.disconnect, "They are disconnected from the namespace");
    emit_->add_flag("--close", emission_.close, "With --disconnect: their connections end, too");
    emit_->add_flag("--server-side", emission_.server_side, "For the servers themselves, not for clients");
    emit_->add_flag("--volatile", emission_.is_volatile, "Not for clients that cannot take it at once");
    emit_->add_flag("--no-compress", emission_.uncompressed, "Do not compress it");
  }

  void describe_connect() {
    connect_->add_option("url", connection_.url,
                         "Where the server is, and which namespace: http://localhost:3000/chat");
    connect_->add_option("--namespace", connection_.nsp, "Instead of the URL's path")->type_name("NAME");
    connect_->add_option("--auth", connection_.auth, "What it shows to the server")->type_name("JSON");
    connect_
        ->add_option("--transport", connection_.transport,
                     "polling or websocket; otherwise polling, then websocket")
        ->type_name("NAME");
    connect_
        ->add_option("--proxy", connection_.proxy,
                     "Through whom: http://user:password@host:port, or https, socks5, socks5h")
        ->type_name("URL");
    connect_
        ->add_option("--emit", connection_.emit,
                     "Sends an event once it is connected: its name, and its arguments as a JSON array; may "
                     "be repeated")
        ->type_name("EVENT JSON")
        ->type_size(2)
        ->allow_extra_args(false);
    connect_->add_flag("--ack", connection_.ack, "Waits for an acknowledgement of each");
    connect_
        ->add_option("--wait,--event", connection_.wait,
                     "Waits for an event of the server's; may be repeated")
        ->type_name("EVENT")
        ->allow_extra_args(false);
    connect_->add_option("--timeout", connection_.timeout, "How long all of it may take")
        ->type_name("TIME")
        ->capture_default_str();
    connect_->add_flag("--listen", connection_.listen, "Shows what comes until the time is over");
    connect_
        ->add_option("--contract", connection_.contract,
                     "Where the server offers what it takes, for completion at a terminal")
        ->type_name("PATH")
        ->capture_default_str();
    connect_->add_flag("--json", connection_.json, "Prints a JSON line for each thing that happens");
    connect_->add_option("--header", connection_.headers, "A header line of each request; may be repeated")
        ->type_name("LINE")
        ->allow_extra_args(false);
    connect_
        ->add_option("--ca-file", connection_.ca_file, "Authorities that are trusted instead of the system's")
        ->type_name("FILE");
    connect_->add_flag("--insecure", connection_.insecure, "Takes any certificate");
    connect_->allow_extras();
  }

  void check_words() const {
    auto const rest = root_.remaining();
    if (!rest.empty()) refuse_word(rest.front());
    if (root_.get_subcommands().empty()) {
      throw UsageError(
          "which command? `aerie new my-app` begins a project, `aerie --help` lists the commands");
    }
    auto const& command = *root_.get_subcommands().front();
    for (auto const& unknown : command.remaining()) {
      // CLI11 leaves what ends the options among what it does not know.
      if (unknown != "--") refuse_word(command, unknown);
    }
    if (new_->parsed() && project_.name.empty()) throw UsageError("which name? Say `aerie new my-app`");
    if (emit_->parsed()) {
      if (auto const objection = emission_.objection(); !objection.empty()) throw UsageError(objection);
    }
    if (connect_->parsed()) {
      if (auto const objection = connection_.objection(); !objection.empty()) throw UsageError(objection);
    }
    if (!generate_->parsed()) return;
    if (component_.kind.empty()) throw UsageError("generate what? Say `aerie generate gateway chat`");
    static_cast<void>(kind_called(component_.kind));
    if (component_.name.empty()) {
      throw UsageError("which name? Say `aerie generate " + component_.kind + " chat`");
    }
  }

  [[noreturn]] static void refuse_word(std::string const& word) {
    if (word.starts_with('-')) {
      throw UsageError("there is no option " + word + "; `aerie --help` lists commands and options");
    }
    auto const meant = nearest(word, {"new", "generate", "emit", "connect", "info"});
    throw UsageError("there is no command \"" + word + "\"; " +
                     (meant.empty() ? "" : "did you mean " + std::string(meant) + "? ") +
                     "`aerie --help` lists the commands");
  }

  [[noreturn]] static void refuse_word(CLI::App const& command, std::string const& word) {
    auto const help = "`aerie " + command.get_name() + " --help` lists what it takes";
    if (!word.starts_with('-')) {
      throw UsageError(command.get_name() + " does not know what to do with \"" + word + "\"; " + help);
    }
    std::vector<std::string> options;
    for (auto const* const option : command.get_options())
      options.push_back(option->get_name());
    auto const meant = nearest(word, {options.begin(), options.end()});
    throw UsageError(command.get_name() + " has no option " + word + "; " +
                     (meant.empty() ? "" : "did you mean " + std::string(meant) + "? ") + help);
  }

  NewCommand project_;
  GenerateCommand component_;
  EmitCommand emission_;
  ConnectCommand connection_;
  CLI::App root_{"Begins projects with Aerie and adds to them.", "aerie"};
  CLI::App* new_ = root_.add_subcommand("new", "A project that builds and runs as it is: aerie new my-app");
  CLI::App* generate_ = root_.add_subcommand(
      "generate",
      "A class with its test, registered in its module: aerie generate gateway chat, aerie g ga chat");
  CLI::App* emit_ = root_.add_subcommand(
      "emit", "Sends to the clients of a cluster: aerie emit --room lobby news '{\"text\":\"hello\"}'");
  CLI::App* connect_ = root_.add_subcommand(
      "connect", "A client of a server: aerie connect http://localhost:3000 --emit say '[\"hello\"]' --ack");
  CLI::App* info_ = root_.add_subcommand("info", "Versions of what is found on this machine");
};

}  // namespace

int run(std::vector<std::string> words, Surroundings const& surroundings) {
  try {
    return CommandLine().run(std::move(words), surroundings);
  } catch (UsageError const& error) {
    surroundings.err << "aerie: " << error.what() << '\n';
    return misunderstood;
  } catch (std::exception const& error) {
    surroundings.err << "aerie: " << error.what() << '\n';
    return impossible;
  }
}

}  // namespace aerie::cli
