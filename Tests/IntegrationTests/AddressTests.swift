import Journal
import Processes
import TestSupport
import Testing

@Suite("A container keeps its address", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct AddressTests {
    /// Resolves `web` when it starts and never again, as nginx does with the names in its configuration.
    private static let proxy = """
        address=$(nslookup web | sed -n 's/^Address: \\([0-9.]*\\)$/\\1/p' | tail -n 1)
        exec nc -ll -p 8080 -e /bin/nc "$address" 8080
        """

    /// A deployed stack with a proxy in front of `web`.
    private func proxied(_ body: (VSN, ProxyClient) async throws -> Void) async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            var image = PodmanTestImage("proxy", command: "/bin/sh", "/proxy")
            image.files = ["/proxy": Self.proxy]
            try await vsn.registry.push(image, repository: "acme/proxy", tag: "1")
            let client = ProxyClient(port: try LoopbackPort.free())
            try vsn.commit("1.0.0", changes: changes(vsn, client))
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            #expect(await client.version() == "1.0.0")
            try await body(vsn, client)
        }
    }

    private func changes(
        _ vsn: VSN, _ client: ProxyClient, hotfix: String? = nil, dependency: String = #""web""#
    ) -> String {
        let hotfixes = hotfix.map { #", "hotfixes": {"web": "\#(vsn.registry.address)/acme/web:\#($0)"}"# } ?? ""
        return """
            {"containers": {"proxy": {
              "image": "\(vsn.registry.address)/acme/proxy:1", "dependsOn": [\(dependency)],
              "ports": ["127.0.0.1:\(client.port):8080"],
              "health": {"tcp": 8080, "interval": "1s", "timeout": "1s", "retries": 60}}}\(hotfixes)}
            """
    }

    @Test("who resolved its name once reaches it after a hotfix, a repair, a restart and a start of the whole stack")
    func kept() async throws {
        try await proxied { vsn, client in
            let address = try await vsn.address(of: "web")
            let proxy = try await vsn.containerID("proxy")
            try await vsn.publish("1.0.0-hf1")
            try vsn.commit("1.0.0", "Hotfix", changes: changes(vsn, client, hotfix: "1.0.0-hf1"))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await client.version() == "1.0.0-hf1")

            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            // A guest takes any address that the engine takes for free.
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try await vsn.sandbox.podman("run", "--detach", "--name", "guest", "--network", vsn.stack, image)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await client.version() == "1.0.0-hf1")
            try await vsn.sandbox.podman("restart", "--time", "0", "\(vsn.stack)-web")
            #expect(await client.version() == "1.0.0-hf1")
            #expect(try await vsn.containerID("proxy") == proxy)
            #expect(try await vsn.address(of: "web") == address)

            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "guest")
            try await vsn.sandbox.podman("stop", "--all", "--time", "1")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await client.version() == "1.0.0-hf1")
            #expect(try await vsn.address(of: "web") == address)
        }
    }

    @Test("what the plan wants restarted with a container is made anew with it, by a hotfix and by a repair")
    func restartedWith() async throws {
        try await proxied { vsn, client in
            let along = #"{"container": "web", "restartWith": true}"#
            try vsn.commit("1.0.0", changes: changes(vsn, client, dependency: along))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let database = try await vsn.containerID("database")
            var proxy = try await vsn.containerID("proxy")
            try await vsn.publish("1.0.0-hf1")
            try vsn.commit("1.0.0", "Hotfix", changes: changes(vsn, client, hotfix: "1.0.0-hf1", dependency: along))
            let hotfix = try await vsn.fairlead("reconcile")
            #expect(hotfix.status == 0, "\(hotfix.errorTail)")
            #expect(await client.version() == "1.0.0-hf1")
            #expect(try await vsn.containerID("proxy") != proxy)
            proxy = try await vsn.containerID("proxy")
            try await vsn.remove("web")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await client.version() == "1.0.0-hf1")
            #expect(try await vsn.containerID("proxy") != proxy)
            #expect(try await vsn.containerID("database") == database)
            #expect(try await vsn.journal().openDrift().isEmpty)
        }
    }

    @Test("what somebody else's container on the network has is left to it, until it goes")
    func foreign() async throws {
        try await VSN.deployed { vsn in
            let address = try await vsn.address(of: "web")
            try await vsn.remove("web")
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try await vsn.sandbox.podman(
                "run", "--detach", "--name", "guest", "--network", vsn.stack, "--ip", address, image)
            let repaired = try await vsn.fairlead("reconcile")
            #expect(repaired.status == 0, "\(repaired.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.address(of: "web") != address)

            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "guest")
            try await vsn.remove("web")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.address(of: "web") == address)
        }
    }

    @Test("one that the engine keeps for a container that is gone costs neither a repair nor a deployment")
    func lost() async throws {
        try await VSN.deployed { vsn in
            let address = try await vsn.address(of: "web")
            try await vsn.remove("web")
            try await vsn.loseAddress(address, image: "\(vsn.registry.address)/acme/web:1.0.0")
            let repaired = try await vsn.fairlead("reconcile")
            #expect(repaired.status == 0, "\(repaired.text)\(repaired.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.journal().openDrift().isEmpty)

            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.1.0")
        }
    }

    @Test("a container whose address the engine chose, as before this rule, keeps it when it is replaced")
    func older() async throws {
        try await VSN.deployed { vsn in
            let labels = try await vsn.sandbox.podman(
                "inspect", "--format", "{{range $name, $value := .Config.Labels}}--label={{$name}}={{$value}} {{end}}",
                "\(vsn.stack)-web")
            let home = try await vsn.address(of: "web")
            try await vsn.remove("web")
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            let made = ["run", "--detach", "--name", "\(vsn.stack)-web", "--network", vsn.stack]
            let same = ["--publish", "127.0.0.1:\(vsn.port):8080"] + labels.split(separator: " ").map(String.init)
            try await vsn.sandbox.podman(made + same + [image])
            let address = try await vsn.address(of: "web")
            #expect(address != home)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.deployments().count == 1)
            #expect(try await vsn.journal().openDrift().isEmpty)

            try await vsn.publish("1.0.0-hf1")
            let hotfix = "\(vsn.registry.address)/acme/web:1.0.0-hf1"
            try vsn.commit("1.0.0", "Hotfix", changes: #"{"hotfixes": {"web": "\#(hotfix)"}}"#)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0-hf1")
            #expect(try await vsn.address(of: "web") == address)
        }
    }
}

/// Asks through the proxy.
private struct ProxyClient {
    let port: UInt16

    func version() async -> String? {
        let url = "http://127.0.0.1:\(port)/version"
        let curl = Command("/usr/bin/curl", ["--silent", "--fail", "--max-time", "10", "--retry", "3", url])
        return try? await curl.run().text.split(separator: "\n").first.map(String.init)
    }
}

extension VSN {
    /// Podman of Debian 12 keeps it: a container has gone of which it did not see that it had ended, as when it is
    /// killed while it starts one. Later ones keep nothing.
    fileprivate func loseAddress(_ address: String, image: String) async throws {
        try await sandbox.podman("run", "--detach", "--name", "guest", "--network", stack, "--ip", address, image)
        let script = """
            kill -9 $(podman inspect --format '{{.State.ConmonPid}} {{.State.Pid}}' guest)
            podman rm --force --time 0 guest
            podman network disconnect --force "$0" guest
            podman rm --force --time 0 guest
            ! podman container exists guest
            """
        _ = try await Command("/bin/bash", ["-c", script, stack], environment: sandbox.environment).run()
    }

    /// On the stack's network.
    fileprivate func address(of name: String) async throws -> String {
        try await sandbox.podman(
            "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "\(stack)-\(name)")
    }
}
