import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@Suite("Data directories")
struct DataDirectoryTests {
    @Test(
        "missing ones are created with owner and mode, below directories that only root enters (S7)",
        .enabled(if: isRoot || mustRun, "needs root"))
    func created() async throws {
        let fixture = try HostFixture()
        let volumes = [
            volume("database", owner: "999:998", mode: "0750"), volume("plain"), volume("bits", mode: "2775"),
        ]
        let made = try await fixture.host.createDataDirectories(for: plan(["db": container(volumes: volumes)]))
        #expect(made == ["bits", "database", "plain"].map { "\(fixture.data)/acme/\($0)" })
        let database = attributes("\(fixture.data)/acme/database")
        #expect(database.prefix(3) == [0o040750, 999, 998])
        #expect(attributes("\(fixture.data)/acme/plain").prefix(3) == [0o040700, 0, 0])
        #expect(mode("\(fixture.data)/acme/bits") == 0o2775)
        #expect(mode(fixture.data) == 0o700 && mode("\(fixture.data)/acme") == 0o700)
        let entries = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.data)/acme")
        #expect(Set(entries) == ["bits", "database", "plain"], "nothing temporary is left")
    }

    @Test("existing ones keep owner, mode, times and every byte of their content (S7)")
    func untouched() async throws {
        let fixture = try HostFixture()
        try fixture.scratch.write("rows", to: "data/acme/database/table")
        let directory = "\(fixture.data)/acme/database"
        try FileManager.default.setAttributes([.posixPermissions: 0o1733], ofItemAtPath: directory)
        let paths = [directory, directory + "/table"]
        let before = paths.map(attributes)
        let parents = [fixture.data, "\(fixture.data)/acme"].map(mode)
        let wanted = plan(["db": container(volumes: [volume("database", owner: "1:1", mode: "0700"), volume("new")])])
        let made = try await fixture.host.createDataDirectories(for: wanted)
        #expect(made == ["\(fixture.data)/acme/new"])
        #expect(paths.map(attributes) == before)
        #expect([fixture.data, "\(fixture.data)/acme"].map(mode) == parents)
        #expect(try content(directory + "/table") == "rows")
        #expect(try await fixture.host.createDataDirectories(for: wanted) == [])
    }

    @Test("what a crash left half made is made anew; the directory itself never exists with the wrong owner")
    func leftover() async throws {
        let fixture = try HostFixture()
        try FileManager.default.createDirectory(
            atPath: "\(fixture.data)/acme/.new-database", withIntermediateDirectories: true)
        let wanted = plan(["db": container(volumes: [volume("database", mode: "0711")])])
        #expect(try await fixture.host.createDataDirectories(for: wanted).count == 1)
        #expect(mode("\(fixture.data)/acme/database") == 0o711)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.data)/acme") == ["database"])
    }

    @Test("what lies in the place is called by its name; a link that leads to no directory is not to be mounted")
    func obstacleWords() async throws {
        let fixture = try HostFixture()
        let database = "\(fixture.data)/acme/database"
        try FileManager.default.createDirectory(
            atPath: "\(fixture.data)/acme", withIntermediateDirectories: true)
        let wanted = plan(["db": container(volumes: [volume("database")])])
        try await tool("mkfifo", database)
        let pipe = await fixture.host.problems(for: wanted).first
        #expect(pipe?.message.contains("is a device, a pipe or a socket, but has to be a directory") == true)
        for (place, hint) in [
            (database, "remove the link"), ("/nowhere", "remove the link"), (fixture.data, "mount what it points to"),
        ] {
            try FileManager.default.removeItem(atPath: database)
            try FileManager.default.createSymbolicLink(atPath: database, withDestinationPath: place)
            let problem = await fixture.host.problems(for: wanted).first
            #expect(problem?.message.contains("is a symlink") == true)
            #expect(problem?.hint.hasPrefix(hint) == true, "\(place)")
        }
    }

    enum Obstacle: String, CaseIterable { case file, symlink, stackSymlink }

    @Test(
        "something else in the place is a problem found before, and an error that creates nothing",
        arguments: Obstacle.allCases)
    func obstacle(obstacle: Obstacle) async throws {
        let fixture = try HostFixture()
        let files = FileManager.default
        try fixture.scratch.write("", to: "elsewhere/x")
        try files.createDirectory(atPath: fixture.data, withIntermediateDirectories: true)
        switch obstacle {
        case .file: try fixture.scratch.write("", to: "data/acme/database")
        case .symlink:
            try files.createDirectory(atPath: fixture.data + "/acme", withIntermediateDirectories: true)
            try files.createSymbolicLink(
                atPath: fixture.data + "/acme/database", withDestinationPath: fixture.scratch.path + "/elsewhere")
        case .stackSymlink:
            try files.createSymbolicLink(
                atPath: fixture.data + "/acme", withDestinationPath: fixture.scratch.path + "/elsewhere")
        }
        let wanted = plan(["db": container(volumes: [volume("aaa"), volume("database")])])
        let problems = await fixture.host.problems(for: wanted)
        #expect(problems.count == 1 && problems.first?.message.contains("has to be a directory") == true)
        let error = await #expect(throws: HostError.self) { try await fixture.host.createDataDirectories(for: wanted) }
        #expect(error?.message == problems.first?.message)
        #expect(!files.fileExists(atPath: fixture.data + "/acme/aaa"))
    }

    @Test(
        "a name that leads elsewhere is refused",
        arguments: ["..", ".", "", "a/b", "../../etc", "a\0b", ".hidden", "/etc"])
    func escape(name: String) async throws {
        let fixture = try HostFixture()
        let wanted = plan(["db": container(volumes: [volume(name)])])
        #expect(await fixture.host.problems(for: wanted).count == 1)
        await #expect(throws: HostError.self) { try await fixture.host.createDataDirectories(for: wanted) }
        await #expect(throws: HostError.self) {
            try await fixture.host.createDataDirectories(
                for: plan(["db": container(volumes: [volume("x")])], stack: name))
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.data + "/acme"))
    }

    @Test(
        "an unmounted data root is refused where a mount is required, a mounted one is taken",
        .enabled(if: isRoot || mustRun, "needs root"))
    func mount() async throws {
        var fixture = try HostFixture()
        fixture.configuration.requiresMountedDataRoot = true
        let wanted = plan(["db": container(volumes: [volume("database")])])
        let unmounted = fixture.host
        await #expect(throws: HostError.self) { try await unmounted.createDataDirectories(for: wanted) }
        try await withTmpfs(size: "1m", in: fixture.scratch) { path in
            fixture.configuration.dataRoot = path
            let made = try await fixture.host.createDataDirectories(for: wanted)
            #expect(made == ["\(path)/acme/database"])
        }
    }

    @Test("a volume lies below the data root of its stack, or at its own path")
    func places() throws {
        let fixture = try HostFixture()
        let plan = plan(["web": container()])
        #expect(fixture.host.directory(of: volume("database"), in: plan) == "\(fixture.data)/acme/database")
        let share = VolumePlan(source: .path("/mnt/share"), target: "/share")
        #expect(fixture.host.directory(of: share, in: plan) == "/mnt/share")
    }
}
