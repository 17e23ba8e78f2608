import Foundation
import Processes
import TestSupport
import Testing

@Suite("The Podman sandbox of tests", .enabled(if: PodmanSandbox.unavailable == nil))
struct SandboxTests {
    @Test("leaves no container, mount, network or process behind")
    func leavesNothing() async throws {
        let root = try await PodmanSandbox.with { sandbox in
            let id = try await sandbox.load(PodmanTestImage("7"), as: "localhost/\(sandbox.id):7")
            try await sandbox.startService()
            try await sandbox.podman("network", "create", sandbox.id)
            try await sandbox.podman("run", "-d", "--name", "web", "--network", sandbox.id, id)
            #expect(try await sandbox.podman("exec", "web", "wget", "-qO-", "127.0.0.1:8080/version") == "7")
            #expect(try await sandbox.podman("ps", "--quiet").isEmpty == false)
            return sandbox.root
        }
        #expect(FileManager.default.fileExists(atPath: root) == false)
        #expect(KernelFile.mounts().contains(root) == false)
        let processes = try await Command("/usr/bin/ps", ["-eo", "args"]).run().text
        #expect(processes.contains(root) == false)
    }

    @Test("pulls what was pushed to a real registry", .enabled(if: RegistryFixture.unavailable == nil))
    func pulls() async throws {
        try await RegistryFixture.with(user: "acme", password: "secret") { registry in
            let digest = try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            try await PodmanSandbox.with(insecureRegistries: [registry.address]) { sandbox in
                let name = "\(registry.address)/acme/web"
                try await sandbox.podman("pull", "--quiet", "--creds", "acme:secret", "\(name):1")
                let digests = try await sandbox.podman("image", "inspect", "--format", "{{.Digest}}", "\(name):1")
                #expect(digests == digest)
            }
        }
    }
}
