# The chat's page: types and unit tests.
counted npm --prefix apps/chat/web run --silent typecheck
counted npm --prefix apps/chat/web test --silent -- ${filter:+-t "$filter"}
