public import Files
internal import HostSystem
public import Model

extension DataSnapshots {
    /// Throws when the copy would not fit. `surplus` are removed where that is what makes room for it.
    public func makeRoom(for wanted: NewSnapshot, removing surplus: [DataSnapshot]) async throws(HostError) {
        let directory = stackDirectory(wanted.stack)
        let volumes = try sorted(wanted).volumes
        guard !volumes.isEmpty else { return }
        try PathName.createDirectories("\(directory)/\(SnapshotPlace.directoryName)")
        let room = SnapshotRoom(host: host, stackDirectory: directory)
        do throws(HostError) {
            try await room.check(volumes)
        } catch {
            let old = surplus.filter { $0.stack == wanted.stack }
            guard !old.isEmpty else { throw error }
            try await room.check(volumes, gain: await room.sum(["--block-size=1"], old.map { place($0).content }))
            try await remove(old)
            try await room.check(volumes)
        }
    }

    /// Makes the copy while nothing writes the data. It is whole and on stable storage, or it is not there. `nil`: there is
    /// nothing to copy.
    public func take(
        _ wanted: NewSnapshot, progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> DataSnapshot? {
        let began = ContinuousClock.now
        let sorted = try sorted(wanted)
        guard !sorted.volumes.isEmpty else { return nil }
        let place = SnapshotPlace(
            stackDirectory: stackDirectory(wanted.stack), run: try newRun(of: wanted.stack))
        do throws(HostError) {
            try place.begin()
            let copy = SnapshotCopy(host: host, place: place)
            for volume in sorted.volumes {
                let deep = try await copy.copy(volume)
                progress("\(volume) copied" + (deep.note.map { "; \($0)" } ?? ""))
            }
            try await host.syncFileSystem(of: place.path)
            let room = SnapshotRoom(host: host, stackDirectory: place.stackDirectory)
            var snapshot = DataSnapshot(
                run: place.run, origin: .copied, deployment: wanted.deployment, stack: wanted.stack,
                state: wanted.state, volumes: sorted.volumes, absent: sorted.absent, leftOut: sorted.leftOut,
                bytes: await room.sum(["--block-size=1"], [place.content]),
                milliseconds: (ContinuousClock.now - began).wholeMilliseconds)
            var held: [String] = []
            for volume in sorted.volumes {
                let names = try DirectoryContent.names(in: place.copy(of: volume))
                if !names.isEmpty { held.append(volume) }
            }
            snapshot.held = held
            snapshot.below = try place.mountsBelow(sorted.volumes)
            try place.complete(snapshot)
            return snapshot
        } catch {
            try? await BlockingWork.run("remove the rest of a copy", deadline: .seconds(3600)) { () throws(HostError) in
                try place.remove()
            }
            throw error
        }
    }

    private struct Sorted {
        var volumes: [String] = []
        var absent: [String] = []
        var leftOut: [String]
    }

    /// Those that are there; what a dump was not loaded into to its end is nobody's data.
    private func sorted(_ wanted: NewSnapshot) throws(HostError) -> Sorted {
        let directory = stackDirectory(wanted.stack)
        var sorted = Sorted(leftOut: wanted.leftOut.sorted())
        for name in wanted.volumes.union(wanted.further).sorted() {
            let path = "\(directory)/\(name)"
            if try FileStatus.at(path).kind == .directory, try !RestoreMark.isSet(for: path) {
                sorted.volumes.append(name)
            } else if wanted.further.contains(name) {
                sorted.absent.append(name)
            } else {
                sorted.leftOut.append(name)
            }
        }
        return sorted
    }
}
