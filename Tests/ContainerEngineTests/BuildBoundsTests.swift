import Foundation
import Model
import TestSupport
import Testing

@testable import ContainerEngine

@Suite("The bounds of an isolated build", .enabled(if: EngineFixture.canRun), .timeLimit(.minutes(5)))
struct BuildBoundsTests {
    /// In the arguments of a program that a build starts.
    private let mark = "98\(UInt32.random(in: 1_000_000 ... 9_999_999))"

    private func isRunning() -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { Int($0) != nil }.contains { process in
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).split(separator: "\0").last.map(String.init) == mark
        }
    }

    private func works(_ fixture: EngineFixture) async throws -> Bool {
        let context = try await BuildTests.context(fixture, "RUN true")
        return try await !fixture.build(context.path).id.isEmpty
    }

    @Test("C2: a build that makes processes without end ends with none left, and the next one works")
    func processes() async throws {
        try await EngineFixture.with(changing: EngineChange { $0.buildLimits.processes = 200 }) { fixture in
            let context = try await BuildTests.context(
                fixture, "RUN i=0; while [ $i -lt 400 ]; do sleep \(mark) & i=$((i+1)); done; echo all")
            let heard = Heard()
            let error = await engineError { try await fixture.build(context.path, heard: heard) }
            #expect(error?.message.contains("fork") == true, "\(error?.message ?? "")")
            #expect(!heard.all.contains("all"))
            #expect(try await EngineFixture.eventually { !isRunning() })
            #expect(try await works(fixture))
        }
    }

    @Test("C2: a build that takes more memory than it may ends, and the next one works")
    func memory() async throws {
        try await EngineFixture.with(changing: EngineChange { $0.buildLimits.memory = ByteCount(bytes: 300 << 20) }) {
            fixture in
            let context = try await BuildTests.context(
                fixture, "RUN dd if=/dev/zero of=/dev/null bs=900M count=1 && echo all of it")
            let heard = Heard()
            let error = await engineError { try await fixture.build(context.path, heard: heard) }
            #expect(error != nil)
            #expect(!heard.all.contains("all of it"))
            #expect(try await works(fixture))
        }
    }

    @Test("C2: a build that fills the disk is stopped at its share, and leaves nothing of it")
    func disk() async throws {
        try await EngineFixture.with(changing: EngineChange { $0.buildLimits.disk = ByteCount(bytes: 128 << 20) }) {
            fixture in
            let context = try await BuildTests.context(
                fixture, "RUN dd if=/dev/zero of=/big bs=1M count=8000 && echo all of it")
            let heard = Heard()
            let error = await engineError { try await fixture.build(context.path, heard: heard) }
            #expect(
                error?.message.contains("takes more than 134217728 bytes of disk") == true, "\(error?.message ?? "")")
            #expect(error?.hint.contains("a build may take") == true)
            #expect(!heard.all.contains("all of it"))
            #expect(try await works(fixture))
            let left = try TestProgram("du", ["-sm", "\(fixture.sandbox.root)/fairlead-builds"]).run()
            #expect(left.split(separator: "\t").first.flatMap { Int($0) } ?? 999 < 64, "\(left)")
        }
    }

    @Test("C2: a build stops where the disk would have less free than the host keeps")
    func freeSpace() async throws {
        try await EngineFixture.with(changing: EngineChange { $0.buildLimits.free = ByteCount(bytes: 1 << 60) }) {
            fixture in
            let context = try await BuildTests.context(fixture, "RUN sleep \(mark)")
            let error = await engineError { try await fixture.build(context.path) }
            #expect(error?.message.contains("bytes are free on the disk") == true, "\(error?.message ?? "")")
            #expect(try await EngineFixture.eventually { !isRunning() })
        }
    }

    @Test("C2: a build without end is ended by its deadline, with all that it started")
    func time() async throws {
        try await EngineFixture.with(changing: EngineChange { $0.transferDeadline = .seconds(8) }) { fixture in
            let context = try await BuildTests.context(fixture, "RUN sleep \(mark)")
            let error = await engineError { try await fixture.build(context.path) }
            #expect(error?.reason == .timedOut, "\(error?.message ?? "")")
            #expect(try await EngineFixture.eventually { !isRunning() })
        }
    }

    @Test("a build that nobody waits for any more ends, and leaves nothing that a later one would take")
    func cancelled() async throws {
        try await EngineFixture.with { fixture in
            let context = try await BuildTests.context(fixture, "RUN sleep \(mark)")
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await fixture.build(context.path) }
                _ = try? await EngineFixture.eventually { isRunning() }
                group.cancelAll()
            }
            #expect(try await EngineFixture.eventually { !isRunning() })
            #expect(try await works(fixture))
            let area = "\(fixture.sandbox.root)/fairlead-builds"
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(area)/in") == [])
            #expect(!FileManager.default.fileExists(atPath: "\(area)/scratch"))
        }
    }

    @Test("a build ends with the process that wanted it, also when that was killed")
    func orphaned() async throws {
        try await EngineFixture.with { fixture in
            #expect(try await works(fixture))
            let area = "\(fixture.sandbox.root)/fairlead-builds"
            let base = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(area)/bases").first)
            let context = try Scratch()
            try context.write("FROM base\nRUN sleep \(mark)\n", to: "Containerfile")
            try TestProgram("tar", ["-C", context.path, "-cf", "\(area)/in/context.tar", "Containerfile"]).run()
            let owner = try TestProgram("sleep", ["800"]).start()
            let script = [
                "\(area)/build.bash", area, "\(owner.identifier)", "own", "1000000000", "900", "10000000000", "1000000",
            ]
            let work = ["make", "\(area)/in/context.tar", base, "--", "--build-context", "base=docker-image://\(base)"]
            let build = try TestProgram("bash", script + work).start()
            defer { build.stop() }
            #expect(try await EngineFixture.eventually { isRunning() })
            owner.stop()
            #expect(try await EngineFixture.eventually { !isRunning() })
        }
    }

    @Test("builds beside each other wait for each other, and each is made")
    func beside() async throws {
        try await EngineFixture.with { fixture in
            let contexts = [
                try await BuildTests.context(fixture, "RUN echo 1 >/one"),
                try await BuildTests.context(fixture, "RUN echo 2 >/two"),
            ]
            async let first = fixture.build(contexts[0].path, as: "localhost/a:1")
            async let second = fixture.build(contexts[1].path, as: "localhost/a:2")
            let images = try await [first, second]
            #expect(images.map(\.names) == [["localhost/a:1"], ["localhost/a:2"]])
        }
    }

    @Test(
        "what is handed over is one image without a name, and nothing else",
        arguments: [
            ("-rw-r--r-- 0/0 31 2026-11-28 23:02 oci-layout", true),
            ("drwxr-xr-x 0/0  0 2026-11-28 23:02 blobs/sha256/", true),
            ("-rw-r--r-- 0/0 5632 2026-11-28 23:02 blobs/sha256/\(String(repeating: "a", count: 64))", true),
            ("-rw-r--r-- 0/0 5632 2026-11-28 23:02 manifest.json", false),
            ("-rw-r--r-- 0/0 5632 2026-11-28 23:02 a index.json", false),
            ("-rw-r--r-- 0/0 5632 2026-11-28 23:02 ../oci-layout", false),
            ("lrwxrwxrwx 0/0 0 2026-11-28 23:02 index.json -> /etc/shadow", false),
            ("hrw-r--r-- 0/0 0 2026-11-28 23:02 index.json link to /etc/shadow", false),
            ("brw-r--r-- 0/0 8,0 2026-11-28 23:02 oci-layout", false),
            ("drwxr-xr-x 0/0 0 2026-11-28 23:02 index.json/", false),
        ])
    func layout(line: String, isAccepted: Bool) {
        #expect((ImageLayout.stranger(in: "\(line)\n") == nil) == isAccepted)
    }

    @Test(
        "an index of one image without a name is accepted",
        arguments: [
            (#"{"manifests": [{"digest": "sha256:00"}]}"#, []),
            (#"{"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "a/b:1"}}]}"#, ["a/b:1"]),
            (#"{"manifests": [{}, {}]}"#, nil), (#"{"manifests": []}"#, nil), ("{}", nil),
            (#"{"manifests": [{}]}{"manifests": [{}]}"#, nil),
        ] as [(String, [String]?)])
    func index(text: String, names: [String]?) {
        #expect(ImageLayout.names(in: Data(text.utf8)) == names)
    }

    @Test(
        "whether a host can isolate is told with what is missing",
        arguments: [
            (.podman, BuildIsolation.programs, 9, true, nil),
            (.docker, BuildIsolation.programs, 9, true, "not Podman"),
            (.podman, ["podman"], 9, true, "'unshare', 'setpriv', 'flock', 'tar' is not installed"),
            (.podman, BuildIsolation.programs, 0, true, "no user namespaces"),
            (.podman, BuildIsolation.programs, 9, false, "to root only"),
        ] as [(EngineProduct, [String], Int, Bool, String?)])
    func obstacles(product: EngineProduct, programs: [String], namespaces: Int, allowsUsers: Bool, words: String?) {
        let isolation = BuildIsolation(
            product: product, programs: programs, userNamespaces: namespaces, allowsUsers: allowsUsers)
        #expect((isolation.obstacle == nil) == (words == nil))
        #expect(isolation.obstacle?.contains(words ?? "") != false)
        let bare = BuildIsolation.programs.filter { $0 != "slirp4netns" }
        let lacking = BuildIsolation(product: .podman, programs: bare, userNamespaces: 9, allowsUsers: true)
        #expect(lacking.obstacle == nil && lacking.lack?.contains("apt-get install slirp4netns") == true)
    }
}
