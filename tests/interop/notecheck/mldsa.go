// SPDX-License-Identifier: Apache-2.0

//go:build go1.27

package main

import (
	"bytes"
	"crypto/mldsa"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
)

// newSubtreeCheck verifies ML-DSA-44 cosignatures of whole trees.
func newSubtreeCheck(name string, public []byte) (func(uint64, []byte, []byte) bool, error) {
	key, err := mldsa.NewPublicKey(mldsa.MLDSA44(), public)
	if err != nil {
		return nil, err
	}
	return func(time uint64, text, sig []byte) bool {
		lines := strings.Split(string(text), "\n")
		if len(lines) < 4 {
			return false
		}
		size, sizeErr := strconv.ParseUint(lines[1], 10, 63)
		root, rootErr := base64.StdEncoding.DecodeString(lines[2])
		if sizeErr != nil || rootErr != nil || len(root) != 32 || len(lines[0]) > 255 {
			return false
		}
		var message bytes.Buffer
		message.WriteString("subtree/v1\n\x00")
		message.WriteByte(byte(len(name)))
		message.WriteString(name)
		binary.Write(&message, binary.BigEndian, time)
		message.WriteByte(byte(len(lines[0])))
		message.WriteString(lines[0])
		binary.Write(&message, binary.BigEndian, []uint64{0, size})
		message.Write(root)
		return mldsa.Verify(key, message.Bytes(), sig, nil) == nil
	}, nil
}
