// SPDX-License-Identifier: Apache-2.0

// Checks a C2SP tiled log with the verifier that Go's own module downloader uses
// (golang.org/x/mod/sumdb). None of Kerege's code takes part.
//
//	gosumdb KEY FOLDER [OLD-CHECKPOINT]
//
// KEY is a verifier key, FOLDER holds the log's files, OLD-CHECKPOINT is a checkpoint seen before.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

// folder reads tiles as tlog.TileReader asks for them. sumdb writes the tile height into the path
// (tile/8/0/000) and calls entries "data"; C2SP's height is always 8 and not in the path.
type folder string

func (f folder) Height() int { return tileHeight }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		if want := tile.W * tlog.HashSize; tile.L >= 0 && len(data) > want {
			data = data[:want]
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) read(tile tlog.Tile) ([]byte, error) {
	data, err := os.ReadFile(f.path(tile))
	if errors.Is(err, os.ErrNotExist) {
		tile.W = 1 << tileHeight
		return os.ReadFile(f.path(tile))
	}
	return data, err
}

func (f folder) path(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return filepath.Join(string(f), "tile", strings.Replace(path, "data/", "entries/", 1))
}

func readCheckpoint(path string, key note.Verifier) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, errors.New("not a root hash")
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

func checkEntries(files folder, tree tlog.Tree, hashes tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		tile := tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: 1 << tileHeight}
		if left := tree.N - first; left < 1<<tileHeight {
			tile.W = int(left)
		}
		data, err := files.read(tile)
		if err != nil {
			return err
		}
		if err := checkBundle(data, first, tile.W, tree, hashes); err != nil {
			return err
		}
	}
	return nil
}

// checkBundle compares each entry with its leaf hash, which tlog.TileHashReader has proven to be
// in the tree, and proves the first one once more by the path that a receipt takes.
func checkBundle(data []byte, first int64, count int, tree tlog.Tree, hashes tlog.HashReader) error {
	indexes := make([]int64, count)
	for at := range indexes {
		indexes[at] = tlog.StoredHashIndex(0, first+int64(at))
	}
	leaves, err := hashes.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for at, leaf := range leaves {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return fmt.Errorf("leaf %d is cut off", first+int64(at))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		if tlog.RecordHash(data[2:end]) != leaf {
			return fmt.Errorf("leaf %d is not the entry that was logged", first+int64(at))
		}
		data = data[end:]
	}
	proof, err := tlog.ProveRecord(tree.N, first, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, first, leaves[0])
}

func checkOld(old, tree tlog.Tree, hashes tlog.HashReader) error {
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("usage: gosumdb KEY FOLDER [OLD-CHECKPOINT]")
	}
	key, err := note.NewVerifier(arguments[0])
	if err != nil {
		return err
	}
	files := folder(arguments[1])
	tree, err := readCheckpoint(filepath.Join(arguments[1], "checkpoint"), key)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, files)
	if err := checkEntries(files, tree, hashes); err != nil {
		return err
	}
	fmt.Printf("%s: %d leaves, each of them in the tree that was signed\n", key.Name(), tree.N)
	if len(arguments) < 3 {
		return nil
	}
	old, err := readCheckpoint(arguments[2], key)
	if err != nil {
		return err
	}
	if err := checkOld(old, tree, hashes); err != nil {
		return err
	}
	fmt.Printf("the first %d of them are the tree signed before\n", old.N)
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gosumdb:", err)
		os.Exit(1)
	}
}
