import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

@Suite("A build that is hostile", .enabled(if: EngineFixture.canRun), .timeLimit(.minutes(5)))
struct BuildEscapeTests {
    /// CVE-2024-1753: the source of a mount is a link of another stage, which is followed outside of it.
    private static func attack(_ fixture: EngineFixture, _ command: String) async throws -> Scratch {
        let context = try await BuildTests.context(fixture, "RUN true")
        let base = "localhost/\(fixture.sandbox.id)-base:1"
        try context.write(
            """
            FROM \(base) AS evil
            RUN ln -s / /exploit
            FROM \(base)
            RUN --mount=type=bind,from=evil,source=/exploit,target=/host,rw \(command)
            """, to: "Containerfile")
        return context
    }

    @Test("writes to this host's root as root where the engine builds, which is why it is not the default")
    func host() async throws {
        try await EngineFixture.with(changing: .builds(.host)) { fixture in
            let file = "\(fixture.sandbox.root)/taken"
            let context = try await Self.attack(fixture, "touch /host\(file)")
            _ = try? await fixture.build(context.path)
            // Podman 5.2.4 and later has both holes closed.
            let version = try await fixture.engine.version().version.split(separator: ".").compactMap { Int($0) }
            let isOpen = version.lexicographicallyPrecedes([4, 9, 4])
            #expect(FileManager.default.fileExists(atPath: file) == isOpen)
        }
    }

    @Test("C2: isolated, finds nothing of this host behind the same hole, and can write nothing there")
    func isolated() async throws {
        try await EngineFixture.with { fixture in
            let file = "\(fixture.sandbox.root)/taken"
            // What there is to see: programs, and the build's own store. No file of the host's that anybody wrote.
            let context = try await Self.attack(
                fixture,
                "sh -c 'ls -a /host /host/etc /host/root; cat /host/etc/passwd; touch /host\(file) /host/usr/bin/taken "
                    + "/host/etc/taken; mkdir /host/root; test ! -e /host/var/lib && test ! -e /host/etc/shadow "
                    + "&& test ! -e /host/etc/hostname && test ! -e /host/run/systemd && echo nothing of the host'")
            let heard = Heard()
            let built = try? await fixture.build(context.path, heard: heard)
            #expect(!FileManager.default.fileExists(atPath: file))
            #expect(!FileManager.default.fileExists(atPath: "/usr/bin/taken"))
            #expect(!FileManager.default.fileExists(atPath: "/etc/taken"))
            // Where the hole is closed, there is nothing to be seen at all.
            if built != nil { #expect(heard.all.contains("nothing of the host"), "\(heard.all)") }
        }
    }

    @Test(
        "C2: isolated, has ids that nothing on this host belongs to, no other process, and no way to this host's loopback"
    )
    func surroundings() async throws {
        try await RegistryFixture.with { registry in
            try await EngineFixture.with { fixture in
                let port = registry.address.split(separator: ":").last ?? ""
                let context = try await BuildTests.context(
                    fixture,
                    """
                    RUN cat /proc/self/uid_map && ls -d /proc/[0-9]* | wc -l
                    RUN for address in 127.0.0.1 10.0.2.2; do wget -T 3 -O - http://$address:\(port)/v2/ && exit 1; done; \
                    echo no way
                    """)
                let heard = Heard()
                _ = try await fixture.build(context.path, heard: heard)
                let map = heard.all.compactMap { $0.wholeMatch(of: #/ *0 +([0-9]+) +65536/#)?.output.1 }
                #expect(map.first.flatMap { Int($0) } ?? 0 > 1 << 30, "\(heard.all)")
                #expect(heard.all.contains("no way"), "\(heard.all)")
                let processes = heard.all.compactMap { Int($0.filter { $0 != " " }) }
                #expect(processes.contains { $0 < 15 }, "\(heard.all)")
            }
        }
    }
}
