import Foundation
import Planning
import Processes
import TestSupport
import Testing

@Suite("What containers know of themselves", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct EnvironmentTests {
    @Test("C7: stack, version, host, container and image of a pulled, a built and a loaded container; own values win")
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
            try vsn.commit(
                "1.0.0",
                changes: """
                    {"containers": {
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
            }
        }
    }

    private func environment(of container: String, in vsn: VSN) async throws -> [String: String] {
        let text = try await vsn.sandbox.podman("exec", "\(vsn.stack)-\(container)", "env")
        let pairs = text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
    }
}
