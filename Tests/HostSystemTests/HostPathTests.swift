import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

/// T1: a host path is what the owner of the host allowed, and nothing that a link makes of it (H2).
@Suite("Directories of the host that containers mount")
struct HostPathTests {
    let fixture: HostFixture
    let share: String

    init() throws {
        fixture = try HostFixture()
        share = "\(fixture.scratch.path)/share"
        try FileManager.default.createDirectory(atPath: "\(share)/real", withIntermediateDirectories: true)
    }

    private func mounting(_ path: String) -> ResolvedPlan {
        plan(["web": container(volumes: [VolumePlan(source: .path(path), target: "/srv")])])
    }

    private func obstacles(_ path: String) async -> [String] {
        await fixture.host.problems(for: mounting(path)).map(\.message).filter { $0.contains(path) }
    }

    @Test("a link in the path is found before anything stops, wherever it stands")
    func link() async throws {
        try FileManager.default.createSymbolicLink(atPath: "\(share)/link", withDestinationPath: "/")
        for path in ["\(share)/link", "\(share)/link/etc"] {
            #expect(
                await obstacles(path) == [
                    "the directory '\(path)' that container 'web' mounts leads over a symbolic link"
                ])
        }
        #expect(await obstacles("\(share)/real") == [])
        #expect(
            await obstacles("\(share)/none") == [
                "the directory '\(share)/none' that container 'web' mounts does not exist on this host"
            ])
    }

    @Test("one that became a link after that is found right before the containers are created")
    func later() async throws {
        let path = "\(share)/real"
        #expect(try await fixture.host.createDataDirectories(for: mounting(path)) == [])
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/")
        let error = await #expect(throws: HostError.self) {
            try await fixture.host.createDataDirectories(for: mounting(path))
        }
        #expect(error?.message.contains("leads over a symbolic link") == true)
    }
}
