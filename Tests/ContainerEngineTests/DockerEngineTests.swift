import ContainerEngine
import Foundation
import Logging
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "Docker's socket (S3)",
    .enabled(if: DockerFixture.unavailable == nil, "\(DockerFixture.unavailable ?? "")"),
    .enabled(if: RegistryFixture.unavailable == nil), .serialized)
struct DockerEngineTests {
    private static func with(_ body: (DockerFixture, DockerEngine, RegistryFixture) async throws -> Void) async throws {
        try await RegistryFixture.with { registry in
            try await DockerFixture.with(insecureRegistries: [registry.address]) { docker in
                let engine = DockerEngine(configuration: configuration(docker), logger: Logger(label: "test"))
                try await body(docker, engine, registry)
                await engine.shutDown()
            }
        }
    }

    private static func configuration(_ docker: DockerFixture) -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.socket = docker.socket
        configuration.downloads = docker.root + "/fairlead-downloads"
        configuration.builds = .host
        return configuration
    }

    @Test("runs a pulled image with network, alias, port, volume and labels; checks, logs, stops and removes it")
    func wholeLife() async throws {
        try await Self.with { docker, engine, registry in
            #expect(try await engine.version().product == .docker)
            let digest = try await registry.push(PodmanTestImage("1.0.0"), repository: "acme/web", tag: "1")
            let reference = try #require(ImageReference("\(registry.address)/acme/web:1"))
            let heard = Heard()
            let image = try await engine.pull(reference, credentials: nil) { heard.add($0) }
            #expect(image.digest == digest)
            #expect(image.names == [reference.description])
            #expect(!heard.all.isEmpty)
            #expect(try await engine.images() == [image])

            try await engine.createNetwork(
                name: docker.id, as: NetworkPlan(subnet: docker.subnet), labels: ["of": docker.id])
            #expect(try await engine.networks(label: "of", value: docker.id) == [docker.id])
            let subnets = try await engine.allNetworks().first { $0.name == docker.id }?.subnets
            #expect(subnets == [try #require(Subnet(docker.subnet))])

            let host = try Scratch()
            let port = try LoopbackPort.free()
            var spec = ContainerSpec(name: "\(docker.id)-web", image: image.id, network: docker.id)
            spec.command = [
                "/bin/sh", "-c", "echo $NAME; hostname; echo rows > /data/out; exec httpd -f -p 8080 -h /www",
            ]
            spec.environment = ["NAME": #"a "quoted" $value=ü"#]
            spec.hostname = "harbour"
            spec.aliases = ["web"]
            spec.labels = ["stack": docker.id]
            spec.mounts = [
                MountSpec(source: host.path, target: "/data", readOnly: false),
                MountSpec(source: try host.write("static", to: "file"), target: "/etc/static", readOnly: true),
            ]
            spec.tmpfs = ["/scratch"]
            spec.ports = [try #require(PortMapping("127.0.0.1:\(port):8080"))]
            spec.resources = ResourcePlan(memory: ByteCount(bytes: 64 << 20), cpus: 0.5, pids: 50)
            spec.capabilities = CapabilityPlan(add: ["NET_ADMIN"], drop: ["CHOWN"])
            spec.readOnly = true
            let id = try await engine.create(spec)
            #expect(try await engine.containers(label: "stack", value: docker.id).map(\.state) == [.created])
            try await engine.start(id)
            try await engine.start(id)
            let status = try #require(try await engine.inspect(id))
            #expect(status.state == .running && status.name == spec.name && status.imageID == image.id)

            let check = HealthCheck.http(HTTPCheck(port: 8080, path: "/version"))
            #expect(
                try await EngineFixture.eventually {
                    await engine.probe(check, container: status, timeout: .seconds(2)) == .healthy
                })
            try await expectCommands(engine, status)
            let page = try TestProgram("curl", ["--silent", "--fail", "http://127.0.0.1:\(port)/version"]).run()
            #expect(page == "1.0.0")
            #expect(try await engine.logTail(id, lines: 5) == "a \"quoted\" $value=ü\nharbour")
            #expect(try String(contentsOfFile: host.path + "/out", encoding: .utf8) == "rows\n")
            let listed = try await engine.containers(label: "stack", value: docker.id)
            #expect(listed.map(\.hostPorts) == [[port]])
            #expect(try await engine.containers(label: "stack", value: "other").isEmpty)
            try await expectLimits(docker, id)

            try await engine.removeImage(image.id, force: false)
            #expect(try await engine.images() == [image])
            try await engine.stop(id, grace: .seconds(1))
            try await engine.stop(id, grace: .seconds(1))
            #expect(try await engine.inspect(id)?.state == .exited)
            #expect(try await engine.lastExitCode(id) == 143)
            #expect(try await engine.detachContainers(from: docker.id) == [spec.name])
            try await engine.removeNetwork(docker.id)
            try await engine.removeNetwork(docker.id)
            try await engine.removeContainer(id)
            try await engine.removeContainer(id)
            #expect(try await engine.inspect(id) == nil)
            try await engine.removeImage(image.id, force: false)
            #expect(try await engine.images().isEmpty)
        }
    }

    private func expectCommands(_ engine: DockerEngine, _ status: ContainerStatus) async throws {
        func result(_ script: String, within timeout: PlanDuration = .seconds(10)) async -> ProbeResult {
            await engine.probe(.command(["/bin/sh", "-c", script]), container: status, timeout: timeout)
        }
        #expect(await result("wget -q -O - http://web:8080/version && grep -q static /etc/static") == .healthy)
        #expect(await result("echo no rows; exit 3") == .unhealthy("exit code 3: no rows"))
        #expect(await result("exec sleep 100", within: .seconds(1)) == .unhealthy("no answer within 1s"))
        #expect(await result("! pidof sleep") == .healthy)
        #expect(await result("echo t > /scratch/t && ! echo x > /etc/static && ! echo x > /x") == .healthy)
    }

    private func expectLimits(_ docker: DockerFixture, _ id: String) async throws {
        let told = try await docker.answer(to: "containers/\(id)/json")
        for part in [
            #""Memory":67108864"#, #""NanoCpus":500000000"#, #""PidsLimit":50"#, #""Name":"unless-stopped""#,
            #""Init":true"#, #""StopTimeout":10"#, #""Test":["NONE"]"#, #""SecurityOpt":["no-new-privileges"]"#,
        ] { #expect(told.contains(part), "\(part)") }
    }

    @Test("keeps what an image would put into anonymous volumes inside the data directory above, and follows no link")
    func imageVolumes() async throws {
        try await Self.with { docker, engine, _ in
            let host = try Scratch()
            var image = PodmanTestImage("1", command: "/bin/sh", "-c", "echo rows > /data/pg/rows; sleep 1000")
            image.volumes = ["/data/pg"]
            let archive = "\(docker.root)/image.tar"
            try await image.writeArchive(to: archive, names: ["localhost/pg:1"])
            let stored = try await engine.load(try Self.archive(archive)) { _ in }
            #expect(stored.names == ["localhost/pg:1"])
            try await engine.createNetwork(name: docker.id, as: NetworkPlan(), labels: [:])
            var spec = ContainerSpec(name: docker.id, image: stored.id, network: docker.id)
            spec.mounts = [MountSpec(source: host.path, target: "/data", readOnly: false)]
            let id = try await engine.create(spec)
            try await engine.start(id)
            #expect(
                try await EngineFixture.eventually { FileManager.default.fileExists(atPath: host.path + "/pg/rows") })
            #expect(try await docker.answer(to: "volumes").contains(#""Volumes":[]"#))

            try FileManager.default.moveItem(atPath: host.path + "/pg", toPath: host.path + "/old")
            try FileManager.default.createSymbolicLink(atPath: host.path + "/pg", withDestinationPath: "/etc")
            spec.name += "-2"
            let error = await engineError { try await engine.create(spec) }
            #expect(error?.message.hasSuffix("/pg' is a link") == true)
            #expect(error?.disposition == .permanent)
        }
    }

    private static func archive(_ path: String) throws -> ImageArchive {
        let sum = try TestProgram("sha256sum", [path]).run().prefix(64)
        let json = #"{"url": "file://\#(path)", "sha256": "\#(sum)"}"#
        return try JSONDecoder().decode(ImageArchive.self, from: Data(json.utf8))
    }

    @Test("containers have the addresses that they are given, also on a network whose subnet Docker chose")
    func addresses() async throws {
        try await Self.with { docker, engine, _ in
            let archive = "\(docker.root)/image.tar"
            try await PodmanTestImage("3.43.2").writeArchive(to: archive, names: ["localhost/web:1"])
            let image = try await engine.load(try Self.archive(archive)) { _ in }
            try await engine.createNetwork(name: docker.id, as: NetworkPlan(), labels: ["of": docker.id])
            let network = try #require(try await engine.allNetworks().first { $0.name == docker.id })
            #expect(network.fixesAddresses)
            #expect(try await engine.networks(label: "of", value: docker.id) == [docker.id])
            let table = AddressTable(of: ["web"], on: network)
            let address = try #require(table.addresses(of: ["web"])["web"])
            var spec = ContainerSpec(name: docker.id, image: image.id, network: docker.id)
            spec.addresses = address
            let id = try await engine.create(spec)
            try await engine.start(id)
            #expect(try await engine.inspect(id)?.addresses == Set(address))
        }
    }

    @Test(
        "a network that is isolated leads nowhere, not to the host either, and its containers know each other by name")
    func isolated() async throws {
        try await Self.with { docker, engine, _ in
            let archive = "\(docker.root)/image.tar"
            try await PodmanTestImage("3.43.2").writeArchive(to: archive, names: ["localhost/web:1"])
            let image = try await engine.load(try Self.archive(archive)) { _ in }
            try await engine.createIsolatedNetwork(name: docker.id, subnet: "198.18.78.0/24", labels: [:])
            var server = ContainerSpec(name: "\(docker.id)-server", image: image.id, network: docker.id)
            (server.addresses, server.restarts, server.yields) = (["198.18.78.2"], false, true)
            try await engine.start(try await engine.create(server))
            var client = ContainerSpec(name: "\(docker.id)-client", image: image.id, network: docker.id)
            (client.addresses, client.hosts) = (["198.18.78.3"], ["db": "198.18.78.2"])
            client.command = ["/bin/sleep", "1000"]
            let id = try await engine.create(client)
            try await engine.start(id)
            let asking = try #require(try await engine.inspect(id))
            func ask(_ address: String) async -> ProbeResult {
                let check = HealthCheck.command(["/bin/wget", "-q", "-O", "/dev/null", "http://\(address)/version"])
                return await engine.probe(check, container: asking, timeout: .seconds(10))
            }
            #expect(try await EngineFixture.eventually { await ask("db:8080") == .healthy })
            let list = try await Command("/usr/sbin/ip", ["-4", "-o", "addr", "show"]).run().text
            #expect(!list.contains("198.18.78."))
            guard case .unhealthy(let reason) = await ask("192.0.2.1:80") else {
                Issue.record("the way out is open")
                return
            }
            // Docker leaves a route, to a gateway that nobody is.
            #expect(reason.contains("No route to host") || reason.contains("unreachable"), "\(reason)")
            let made = try await docker.answer(to: "containers/\(server.name)/json")
            #expect(made.contains(#""CpuShares":128,"#) && made.contains(#""OomScoreAdj":800"#))
            #expect(made.contains(#""RestartPolicy":{"Name":"no""#))
        }
    }

    @Test("builds with labels, tells a damaged image, and says what went wrong in a build")
    func builds() async throws {
        try await Self.with { docker, engine, _ in
            let context = try Scratch()
            try context.write("FROM scratch\nCOPY page /page\n", to: "Containerfile")
            try context.write("hello", to: "page")
            let page = ImageBuild(directory: context.path, tag: "localhost/acme/page:1", labels: ["a": "b"]) { name in
                throw TestProgramFailure("asked for '\(name)'")
            }
            let built = try await engine.build(page) { _ in }
            #expect(built.names == ["localhost/acme/page:1"])
            #expect(try await docker.answer(to: "images/\(built.id)/json").contains(#""a":"b""#))
            #expect(try await engine.isIntact(built.id))
            let layers = try TestProgram("find", [docker.storage + "/overlay2", "-path", "*/diff/page"]).run()
            try FileManager.default.removeItem(atPath: layers)
            #expect(try await !engine.isIntact(built.id))
            try context.write("FROM scratch\nCOPY missing /page\n", to: "Containerfile")
            let error = await engineError {
                try await engine.build(page) { _ in }
            }
            #expect(error?.message.contains("missing") == true)
        }
    }

    @Test("tells a crash loop, names and ports that are taken, and images that cannot be had")
    func refusals() async throws {
        try await Self.with { docker, engine, registry in
            try await registry.push(
                PodmanTestImage("1", command: "/bin/sh", "-c", "echo no database >&2; exit 7"),
                repository: "acme/loop", tag: "1")
            let missing = try #require(ImageReference("\(registry.address)/acme/loop:9"))
            let absent = await engineError { try await engine.pull(missing, credentials: nil) { _ in } }
            #expect(absent?.disposition == .transient)
            #expect(absent?.hint.contains("push the image") == true)
            let reference = try #require(ImageReference("\(registry.address)/acme/loop:1"))
            let image = try await engine.pull(reference, credentials: nil) { _ in }
            try await engine.createNetwork(name: docker.id, as: NetworkPlan(), labels: [:])
            let spec = ContainerSpec(name: docker.id, image: image.id, network: docker.id)
            let id = try await engine.create(spec)
            let taken = await engineError { try await engine.create(spec) }
            #expect(taken?.message.contains("already in use by") == true)
            try await engine.start(id)
            #expect(try await EngineFixture.eventually { (try await engine.inspect(id)?.restarts ?? 0) >= 2 })
            #expect(try await engine.lastExitCode(id) == 7)
            #expect(try await engine.logTail(id, lines: 1) == "no database")
            #expect(try await docker.logDriver(of: docker.id) == "json-file 2 26214400")
            var mute = spec
            mute.name += "-mute"
            mute.logs = .nowhere
            let muted = try await engine.create(mute)
            try await engine.start(muted)
            #expect(try await engine.logTail(muted, lines: 1).hasPrefix("(its log is switched off"))
            try await engine.removeContainer(muted)
            try await engine.stop(id, grace: .seconds(1))
            #expect(try await engine.inspect(id)?.state == .exited)

            try await expectPortConflict(engine, spec)

            let podman = PodmanEngine(configuration: Self.configuration(docker), logger: Logger(label: "test"))
            let refused = await engineError { try await podman.version() }
            #expect(refused?.message.hasSuffix("it does not speak Podman's API") == true)
            await podman.shutDown()
        }
    }

    private func expectPortConflict(_ engine: DockerEngine, _ spec: ContainerSpec) async throws {
        var spec = spec
        spec.command = ["/bin/sleep", "1000"]
        spec.ports = [try #require(PortMapping("127.0.0.1:\(LoopbackPort.free()):80"))]
        spec.name += "-a"
        let holder = try await engine.create(spec)
        try await engine.start(holder)
        spec.name += "-b"
        let other = try await engine.create(spec)
        let busy = await engineError { try await engine.start(other) }
        #expect(busy?.hint.contains("ss -ltnp") == true, "\(busy?.message ?? "")")
    }

    @Test("that is down is not taken over by a Podman service")
    func down() async throws {
        let scratch = try Scratch()
        var configuration = EngineConfiguration()
        configuration.socket = scratch.path + "/docker.sock"
        let connection = EngineConnection(configuration: configuration, logger: Logger(label: "test"))
        let error = await engineError { try await connection.product() }
        #expect(error?.reason == .unreachable)
        #expect(error?.hint.contains("docker.socket") == true)
        #expect(!FileManager.default.fileExists(atPath: configuration.socket))
        await connection.shutDown()
    }
}
