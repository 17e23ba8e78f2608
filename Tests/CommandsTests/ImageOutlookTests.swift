import Foundation
import Processes
import TestSupport
import Testing

@Suite(
    "J2: 'validate --images' tells what step 1 would find of images, from anywhere",
    .enabled(if: RegistryFixture.unavailable == nil && Command.find("skopeo") != nil))
struct ImageOutlookTests {
    private struct Repo {
        let scratch: Scratch
        let registry: RegistryFixture

        init(_ registry: RegistryFixture, containers: String) throws {
            self.registry = registry
            scratch = try Scratch()
            let stack = #""schemaVersion": 1, "stack": "acme", "version": "1", "mail": "none", "backup": "none""#
            let plan = "{\(stack), \"containers\": {\(containers.replacing("R/", with: registry.address + "/"))}}"
            try scratch.write(plan, to: "repo/plan.json")
            try scratch.write("{}", to: "repo/hosts/vsn1.json")
            try scratch.write("{}", to: "repo/hosts/vsn2.json")
            try scratch.write("FROM scratch\n", to: "repo/images/own/Containerfile")
            let insecure = "[[registry]]\nlocation = \"\(registry.address)\"\ninsecure = true\n"
            try scratch.write(insecure, to: "registries.conf")
        }

        func validate(_ arguments: String..., path: String? = nil) async throws -> CommandResult {
            var environment = ["CONTAINERS_REGISTRIES_CONF": "\(scratch.path)/registries.conf"]
            environment["PATH"] = path
            return try await fairlead(
                scratch, ["validate", "repo", "--images"] + arguments, environment: environment)
        }
    }

    @Test("platform, command, user, volumes, check and labels as the image has them, and what cannot be seen by name")
    func facts() async throws {
        try await RegistryFixture.with { registry in
            var image = PodmanTestImage("1.0.0")
            image.user = "app"
            image.volumes = ["/data"]
            image.healthcheck = "test -e /www/version"
            image.labels = ["io.fairlead.backup.mode": "stop", "other": "x", "io.fairlead.later": "x"]
            image.labels["io.fairlead.liveness"] = #"{"tcp": 8080}"#
            image.architecture = "amd64"
            try await registry.push(image, repository: "acme/web", tag: "1")
            let sum = String(repeating: "a", count: 64)
            let archive = #"{"archive": "https://files.acme.example/a.tar", "sha256": "\#(sum)"}"#
            let repo = try Repo(
                registry,
                containers: #""web": {"image": "R/acme/web:1"}, "own": {"image": {"build": "images/own"}}, "#
                    + #""far": {"image": \#(archive)}"#)
            let told = try await repo.validate("--platform", "amd64")
            #expect(told.status == 0, "\(told.text)\(told.errorTail)")
            for line in [
                "web  \(registry.address)/acme/web:1", "  platform  linux/amd64\n",
                "  runs      /bin/httpd -f -p 8080 -h /www", "  user      app\n", "  volumes   /data\n",
                "  health    command '/bin/sh -c test -e /www/version', every 1s, from the image\n",
                "  liveness  tcp port 8080, from the image\n", "its image has the label 'io.fairlead.later', which",
                "  labels    backup.mode 'stop'\n", "not seen  whether the image knows the user 'app'",
                "not seen  it is built when it is deployed", "not seen  an archive is read when it is deployed",
                #"add {"data": "web", "target": "/data"} to its 'volumes'"#, "valid for vsn1, vsn2, 4 warnings",
            ] {
                #expect(told.text.contains(line), "\(line)\n\(told.text)")
            }
            let json = try await repo.validate("--platform", "amd64", "--output", "json")
            let object = try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any]
            let web = (object?["images"] as? [[String: Any]])?.first { $0["container"] as? String == "web" }
            #expect(web?["hosts"] as? [String] == ["vsn1", "vsn2"] && web?["user"] as? String == "app")
        }
    }

    @Test(
        "an image for another processor, without a command or that is not there is an error; of several the host's is asked"
    )
    func obstacles() async throws {
        try await RegistryFixture.with { registry in
            var digests: [String: String] = [:]
            for (architecture, command) in [("s390x", ["/bin/httpd"]), ("arm64", []), ("riscv64", ["/bin/httpd"])] {
                var image = PodmanTestImage(architecture)
                if architecture == "riscv64" { image.annotations = ["run.oci.handler": "x"] }
                (image.architecture, image.command) = (architecture, command)
                digests[architecture] = try await registry.push(image, repository: "acme/web", tag: architecture)
            }
            try await registry.pushIndex(digests, repository: "acme/web", tag: "all")
            let repo = try Repo(
                registry, containers: #""web": {"image": "R/acme/web:all"}, "gone": {"image": "R/acme/web:none"}"#)
            let missing =
                "/containers/gone/image: the image '\(registry.address)/acme/web:none' of 'gone' is not in its registry"
            for (platform, word) in [
                ("amd64", "is for linux/arm64, this host is linux/amd64"), ("linux/arm64", "neither a command"),
                ("riscv64", "has the annotation 'run.oci.handler'"),
                ("s390x", "  platform  linux/s390x, of linux/arm64, linux/riscv64, linux/s390x"),
            ] {
                let told = try await repo.validate("--platform", platform)
                #expect(told.status == 1 && told.text.contains(missing), "\(told.text)\(told.errorTail)")
                #expect(told.text.contains(word), "\(platform): \(told.text)")
            }
            #expect(try await repo.validate("--platform", "a b").errorTail.contains("is no platform of images"))
            let bare = try await repo.validate(path: repo.scratch.path)
            #expect(bare.status != 0 && bare.errorTail.contains("install the package 'skopeo'"), "\(bare.errorTail)")
        }
    }

    @Test("a registry that does not answer is a warning that says so")
    func silence() async throws {
        try await RegistryFixture.with { registry in
            let repo = try Repo(registry, containers: #""web": {"image": "R/acme/web:1"}"#)
            registry.shutDown()
            let told = try await repo.validate()
            #expect(told.status == 0, "\(told.errorTail)")
            #expect(told.text.contains("not seen  its registry does not show it"), "\(told.text)")
            #expect(
                told.text.contains("warning: what the image of 'web' says of itself cannot be seen"), "\(told.text)")
        }
    }
}
