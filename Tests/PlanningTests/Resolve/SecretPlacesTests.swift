import Testing

@testable import Planning

@Suite("Where a plan may refer to secrets")
struct SecretPlacesTests {
    @Test(
        "secrets may stand where the schema of the plan says so",
        arguments: [
            "containers/web/environment/PASSWORD", "registries/registry.example.com/username",
            "registries/registry.example.com/password", "backup/targets/nas/rclone/secret_access_key",
            "backup/targets/nas/mount/username", "backup/targets/nas/mount/password", "backup/vendor/rclone/key",
            "mail/username", "mail/password",
        ])
    func allowed(path: String) {
        let names = path.split(separator: "/").map(String.init)
        #expect(SecretPlaces.plan.contain(names))
        #expect(!SecretPlaces.plan.contain(names + ["0"]) && !SecretPlaces.plan.contain(names.dropLast()))
    }

    @Test(
        "and nowhere else, also beside such a key or where the plan has no key of that name",
        arguments: [
            "", "stack", "containers/web/image", "containers/web/command/0", "containers/web/labels/environment",
            "registries/registry.example.com/server", "backup/targets/nas/directory", "backup/targets/nas/mount/source",
            "backup/targets/nas/mount/options/0", "backup/vendor/directory", "mail/from", "mail/to/0", "mail/token",
            "web/username", "variables/password", "sizes/small/containers/web/environment/PASSWORD",
        ])
    func refused(path: String) {
        #expect(!SecretPlaces.plan.contain(path.split(separator: "/").map(String.init)))
    }

    @Test("each key that a schema marks is found, also in a list, a map or one of several forms, and no other for it")
    func marked() throws {
        let schema = """
            {"properties": {
              "a": {"x-secret": true}, "b": {"x-secret": false},
              "c": {"items": {"properties": {"d": {"x-secret": true}, "e": {}}}},
              "f": {"properties": {"g": {}}, "additionalProperties": {"oneOf": [{"type": "null"}, {"$ref": "#/h"}]}}},
             "h": {"x-secret": true}}
            """
        let places = try SecretPlaces(of: JSONSchema(Array(schema.utf8)))
        for path in [["a"], ["c", "0", "d"], ["f", "x"]] { #expect(places.contain(path), "\(path)") }
        for path in [["b"], ["c"], ["c", "0"], ["c", "0", "e"], ["f"], ["f", "g"], ["x"]] {
            #expect(!places.contain(path), "\(path)")
        }
    }
}
