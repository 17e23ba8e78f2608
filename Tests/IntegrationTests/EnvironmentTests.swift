import Foundation
import Processes
import TestSupport
import Testing

@Suite("What containers know of themselves", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct EnvironmentTests {
    @Test(
        "C7: stack, version, host, container and image of a pulled, a built and a loaded container; own values win; what its software is"
    )
    func everyKindOfImage() async throws {
        try await VSN.with { vsn in
            // Two images: one with both names would have either.
            try await vsn.publish("1.0.0", "7")
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try vsn.repo.write("images/page/Containerfile", "FROM \(image)\n")
            let archive = "\(vsn.scratch.path)/loaded.tar"
            let other = "\(vsn.registry.address)/acme/web:7"
            try await vsn.sandbox.podman("pull", other)
            try await vsn.sandbox.podman("tag", other, "localhost/acme/loaded:7")
            try await vsn.sandbox.podman("save", "--output", archive, "localhost/acme/loaded:7")
            try await vsn.sandbox.podman("rmi", "localhost/acme/loaded:7", other)
            let digest = try await Command("/usr/bin/sha256sum", [archive]).run().text.prefix(64)
            var titled = PodmanTestImage("8")
            titled.labels = ["org.opencontainers.image.title": "Shop", "org.opencontainers.image.version": "8.1"]
            let shop = "\(vsn.registry.address)/acme/shop:8"
            let shopDigest = try await vsn.registry.push(titled, repository: "acme/shop", tag: "8")
            try vsn.commit(
                "1.0.0",
                changes: """
                    {"containers": {
                      "shop": {"image": "\(shop)", "environment": {"APP_VERSION": "mine"}},
                      "built": {"image": {"build": "images/page"}, "environment": {"FAIRLEAD_HOST": "mine"}},
                      "loaded": {"image": {"archive": "file://\(archive)", "sha256": "\(digest)"}}
                    }}
                    """)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            for (name, image, host) in [
                ("web", image, "test"), ("loaded", "localhost/acme/loaded:7", "test"), ("built", nil, "mine"),
            ] {
                let environment = try await environment(of: name, in: vsn)
                #expect(environment["FAIRLEAD_STACK"] == vsn.stack && environment["FAIRLEAD_VERSION"] == "1.0.0")
                #expect(environment["FAIRLEAD_CONTAINER"] == name && environment["FAIRLEAD_HOST"] == host)
                let found = try #require(environment["FAIRLEAD_IMAGE"])
                #expect(found == image || found.hasPrefix("localhost/fairlead/\(vsn.stack)-built:"), "\(found)")
                #expect(environment["FAIRLEAD_IMAGE_DIGEST"]?.hasPrefix("sha256:") == true)
                #expect(environment["APP_NAME"] == nil && environment["FAIRLEAD_APP"] == nil)
            }
            let environment = try await self.environment(of: "shop", in: vsn)
            let expected = [
                "FAIRLEAD_IMAGE_DIGEST": shopDigest, "FAIRLEAD_APP": "Shop", "FAIRLEAD_APP_VERSION": "8.1",
                "APP_NAME": "Shop", "APP_VERSION": "mine", "IMAGE_NAME": "\(vsn.registry.address)/acme/shop",
                "IMAGE_VERSION": "8",
            ]
            #expect(environment.filter { expected[$0.key] != nil } == expected)
        }
    }

    private func environment(of container: String, in vsn: VSN) async throws -> [String: String] {
        let text = try await vsn.sandbox.podman("exec", "\(vsn.stack)-\(container)", "env")
        let pairs = text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
    }
}
