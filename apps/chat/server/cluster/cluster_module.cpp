#include "cluster/cluster_module.hpp"

#include "cluster/census.hpp"
#include "cluster/instances.hpp"
#include "random_bytes.hpp"

#include <aerie/core/base64.hpp>

#include <memory>

namespace chat {

void ClusterModule::describe(aerie::Module& m) {
  m.provides<Census>([] { return std::make_unique<Census>(aerie::base64::encode_url(random_bytes(12))); });
  m.provides<Instances>();
  m.exports<Census, Instances>();
}

}  // namespace chat
