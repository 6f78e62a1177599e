#include <aerie/core/log.hpp>
#include <aerie/http/multipart.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace aerie::http { namespace {

constexpr std::string_view text_part = "Content-Disposition: form-data; name=\"a\"\r\n\r\n1";

/// A body of these parts, each header and content, with the boundary `b`.
std::string body_of(std::initializer_list<std::string_view> parts) {
  std::string body;
  for (auto const part : parts)
    body += core::concat("--b\r\n", part, "\r\n");
  return body + "--b--\r\n";
}

/// "name=content" of fields, "name(file:type)=content" of files; or the error.
std::string shown(std::string_view body, MultipartLimits const& limits = {}) {
  auto const form = read_multipart(body, "b", limits);
  if (form.error) {
    EXPECT_TRUE(form.parts.empty());
    return core::concat(std::to_string(form.error->status), " ", form.error->message);
  }
  std::string text;
  for (auto const& part : form.parts) {
    text += text.empty() ? "" : " ";
    text += part.name;
    if (part.file_name) text += core::concat("(", *part.file_name, ":", part.type, ")");
    text += core::concat("=", part.content);
  }
  return text;
}

std::string disposed(std::string_view parameters) {
  return body_of({core::concat("Content-Disposition: form-data; ", parameters, "\r\n\r\nx")});
}

TEST(MultipartBoundary, IsReadFromTheContentType) {
  struct Case {
    std::string_view type;
    std::optional<std::string> boundary;
  };
  for (auto const& [type, boundary] :
       {Case{"multipart/form-data; boundary=abc", "abc"},
        Case{"Multipart/Form-Data;charset=utf-8;Boundary=\"a b\"", "a b"}, Case{"multipart/form-data", ""},
        Case{"multipart/form-data; boundary=", ""}, Case{"multipart/form-data; boundary=\"\"", ""},
        Case{"multipart/form-data; boundary=\"x \"", ""}, Case{"multipart/form-data; boundary=a\"b", ""},
        Case{"multipart/form-data; boundary=\"open", ""}, Case{"multipart/mixed; boundary=abc", std::nullopt},
        Case{"application/json", std::nullopt}}) {
    EXPECT_EQ(multipart_boundary(type), boundary) << type;
  }
  EXPECT_EQ(multipart_boundary(core::concat("multipart/form-data; boundary=", std::string(71, 'a'))), "");
}

TEST(ReadMultipart, TellsFieldsFromFiles) {
  EXPECT_EQ(
      shown(body_of(
          {text_part,
           "content-disposition:form-data;name=f; filename=\"p.png\"\r\nContent-Type: image/png\r\n\r\nPNG",
           "Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n"})),
      "a=1 f(p.png:image/png)=PNG none(:text/plain)=");
}

TEST(ReadMultipart, LeavesTheContentAsItIs) {
  for (std::string_view const content :
       {std::string_view(""), std::string_view("\r\n"), std::string_view("\r\n\r\n--"),
        std::string_view("--b"), std::string_view("\r\n--"), std::string_view("\0\xff\r", 3),
        std::string_view("\r\n-b--")}) {
    auto const form = read_multipart(
        body_of({core::concat("Content-Disposition: form-data; name=a\r\n\r\n", content)}), "b");
    ASSERT_FALSE(form.error) << form.error->message;
    ASSERT_EQ(form.parts.size(), 1U);
    EXPECT_EQ(form.parts[0].content.size(), content.size());
  }
}

TEST(ReadMultipart, PassesOverWhatIsBeforeTheFirstPartAndBehindTheLast) {
  EXPECT_EQ(shown(core::concat("preamble\r\n", body_of({text_part}), "epilogue")), "a=1");
  EXPECT_EQ(shown(core::concat("--b  \t\r\n", text_part, "\r\n--b--")), "a=1");
  EXPECT_EQ(shown("--b--\r\n"), "") << "a form without parts";
}

TEST(ReadMultipart, ReadsNamesAsClientsWriteThem) {
  struct Case {
    std::string_view parameters;
    std::string_view expected;
  };
  for (auto const& [parameters, expected] :
       {Case{"name=\"a\\\"b\"", "a\"b=x"}, Case{"name=\"a%22b\"", "a\"b=x"}, Case{"name=\"\"", "=x"},
        Case{"name=a; filename=\"C:\\dir\\f.txt\"", "a(f.txt:text/plain)=x"},
        Case{"name=a; filename=\"../../etc/passwd\"", "a(passwd:text/plain)=x"},
        Case{"name=a; filename=\"..\"", "a(:text/plain)=x"},
        Case{"name=a; filename=\"x\"; filename*=UTF-8''na%C3%AFve.txt", "a(na\xc3\xafve.txt:text/plain)=x"},
        Case{"name=a; filename*=utf-8''..%2Ff; filename=\"x\"", "a(f:text/plain)=x"},
        Case{"name=a; filename*=latin1''%E9; filename=\"x\"", "a(x:text/plain)=x"},
        Case{"name=a; filename=\"\xe2\x82\xac.txt\"", "a(\xe2\x82\xac.txt:text/plain)=x"}}) {
    EXPECT_EQ(shown(disposed(parameters)), expected) << parameters;
  }
}

TEST(ReadMultipart, RefusesWhatIsMalformed) {
  for (auto const& body :
       {disposed("filename=\"x\""), disposed("name=\"open"), disposed("name"), disposed("name=a b=c\""),
        disposed("name=\"a\" filename=\"b\""), disposed("name=\"\xff\""),
        body_of({"Content-Type: text/plain\r\n\r\nno name"}),
        body_of({"Content-Disposition: attachment; name=a\r\n\r\nx"}),
        body_of(
            {"Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx"}),
        body_of({"Content-Disposition: form-data; name=a\r\nno colon\r\n\r\nx"}),
        body_of({"Content-Disposition: form-data; name=a\r\n folded: x\r\n\r\nx"}),
        body_of(
            {"Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ=="})}) {
    EXPECT_EQ(shown(body), "400 Malformed part header") << body;
  }
  for (auto const& body :
       {std::string(), std::string("nothing of the kind"), std::string("--bx\r\n\r\n"), std::string("--b-"),
        body_of({"\r\nno header"}), std::string("--b\r\n") + std::string(text_part),
        std::string("--b\r\nContent-Dispo"),
        body_of({text_part}).substr(0, body_of({text_part}).size() - 4)}) {
    EXPECT_EQ(shown(body), "400 Unexpected end of form") << body;
  }
}

TEST(ReadMultipart, EndsEachBodyThatIsCutOffWithAnError) {
  auto const body =
      body_of({text_part, "Content-Disposition: form-data; name=f; filename=\"p\"\r\n\r\ncontent"});
  for (std::size_t size = 0; size < body.size() - 2; ++size)
    EXPECT_TRUE(read_multipart(std::string_view(body).substr(0, size), "b").error) << size;
}

TEST(ReadMultipart, HoldsFormsToTheLimits) {
  std::string_view const file = "Content-Disposition: form-data; name=f; filename=\"p\"\r\n\r\n12345";
  EXPECT_EQ(shown(body_of({file, file}), {.max_files = 1}), "400 Too many files");
  EXPECT_EQ(shown(body_of({file}), {.max_file_bytes = 4}), "413 File too large");
  EXPECT_EQ(shown(body_of({file}), {.max_file_bytes = 5}), "f(p:text/plain)=12345");
  EXPECT_EQ(shown(body_of({text_part, text_part}), {.max_fields = 1}), "400 Too many fields");
  EXPECT_EQ(shown(body_of({text_part, file}), {.max_files = 1, .max_fields = 1}),
            "a=1 f(p:text/plain)=12345");
  EXPECT_EQ(shown(body_of({text_part}), {.max_field_bytes = 0}), "400 Field value too long");
  EXPECT_EQ(shown(disposed("name=abc"), {.max_name_bytes = 2}), "400 Field name too long");
  EXPECT_EQ(shown(disposed(core::concat("name=\"", std::string(100, 'n'), "\"")), {.max_header_bytes = 100}),
            "400 Malformed part header");
}

}}  // namespace aerie::http
